import {
  deviceIdentity,
  importSeed,
  personalIdentity,
  signRecord,
  type DeviceIdentity,
  type IdentityId,
  type IdentityRecord,
  type PersonalIdentity,
} from '../../src/identity/index.ts'
import { Scope } from '../../src/lifetime/index.ts'
import { createRoomLink, encodeRoomLink, standardPolicy } from '../../src/link/index.ts'
import { Ringer, type CallerVerdict, type IncomingCall, type OutgoingCall } from '../../src/ring/index.ts'
import type { Clock } from '../../src/runtime/index.ts'
import { webRandom } from '../../src/runtime/platform/index.ts'
import { Roads, type Carrier } from '../../src/signalling/index.ts'
import { entryOf, startMs } from '../people.ts'

/** Somebody with devices, and what they think of others. */
export class Neighbour {
  readonly identity: PersonalIdentity
  readonly devices: readonly DeviceIdentity[]
  /** Their latest record. */
  record: IdentityRecord
  /** What is not listed here is a stranger. */
  readonly verdicts = new Map<IdentityId, CallerVerdict>()
  readonly known = new Map<IdentityId, IdentityRecord>()

  private constructor(identity: PersonalIdentity, devices: readonly DeviceIdentity[], record: IdentityRecord) {
    this.identity = identity
    this.devices = devices
    this.record = record
  }

  static async create(deviceCount = 1): Promise<Neighbour> {
    const identity = await personalIdentity(await importSeed(webRandom.bytes(32)))
    const devices = await Promise.all(
      Array.from({ length: deviceCount }, async () => deviceIdentity(await importSeed(webRandom.bytes(32)))),
    )
    return new Neighbour(identity, devices, await recordOf(identity, devices, 1))
  }

  get id(): IdentityId {
    return this.identity.id
  }

  /** Signs another record, and uses it from now on. */
  async signAgain(seq: number, devices: readonly DeviceIdentity[] = this.devices): Promise<IdentityRecord> {
    this.record = await recordOf(this.identity, devices, seq)
    return this.record
  }

  /** One of their devices on a road. */
  device(road: { carrier: Carrier; clock: Clock }, index = 0, shown: () => IdentityRecord = () => this.record): Post {
    return new Post(this, this.devices[index]!, road, shown)
  }
}

/** Each regards the other as a contact. */
export function befriend(...neighbours: readonly Neighbour[]): void {
  for (const one of neighbours) {
    for (const other of neighbours) {
      if (one === other) continue
      one.verdicts.set(other.id, 'ring')
      one.known.set(other.id, other.record)
    }
  }
}

async function recordOf(identity: PersonalIdentity, devices: readonly DeviceIdentity[], seq: number) {
  return signRecord(identity, {
    devices: devices.map((device, index) => entryOf(device, `Device ${index + 1}`)),
    seq,
    notBeforeMs: startMs - 1_000,
    notAfterMs: startMs + 1_000_000_000_000,
  })
}

/** One device with its ringer, and everything that it was told. */
export class Post {
  readonly ringer: Ringer
  readonly scope = new Scope()
  readonly incoming: IncomingCall[] = []
  readonly requests: { readonly record: IdentityRecord; readonly name: string }[] = []
  readonly met: IdentityRecord[] = []
  /** Links that were made for calls, in order. */
  readonly links: string[] = []
  readonly #waiting = new Set<() => void>()

  constructor(
    owner: Neighbour,
    device: DeviceIdentity,
    { carrier, clock }: { carrier: Carrier; clock: Clock },
    shown: () => IdentityRecord,
  ) {
    this.ringer = new Ringer({
      clock,
      random: webRandom,
      roads: new Roads([carrier]),
      scope: this.scope,
      device,
      record: shown,
      name: () => 'Neighbour',
      known: (id) => owner.known.get(id),
      judge: ({ id }) => owner.verdicts.get(id) ?? 'request',
    })
    this.ringer.on('incoming', (call) => {
      this.incoming.push(call)
      call.subscribe(() => {
        this.#wake()
      })
      this.#wake()
    })
    this.ringer.on('requested', (request) => {
      this.requests.push(request)
      this.#wake()
    })
    this.ringer.on('recordMet', (record) => {
      this.met.push(record)
      this.#wake()
    })
  }

  call(contact: IdentityRecord, video = false): OutgoingCall {
    const call = this.ringer.call(contact, {
      video,
      linkCode: async () => {
        const link = await createRoomLink(await importSeed(webRandom.bytes(32)), webRandom, standardPolicy)
        const code = await encodeRoomLink(link)
        this.links.push(code)
        return code
      },
    })
    call.subscribe(() => {
      this.#wake()
    })
    return call
  }

  /** Resolves as soon as `holds` does, looked at whenever this device learns something. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!holds()) return
        this.#waiting.delete(check)
        resolve()
      }
      this.#waiting.add(check)
      check()
    })
  }

  /** The first call that rings here, or the one after `before` others. */
  async rung(before = 0): Promise<IncomingCall> {
    await this.until(() => this.incoming.length > before)
    return this.incoming[before]!
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check()
  }
}

/** Resolves with the call's state when it is of this kind. */
export function reaches<Kind extends string, State extends { readonly kind: string }>(
  call: { readonly state: State; subscribe(listener: () => void): () => void },
  kind: Kind & State['kind'],
): Promise<State> {
  return new Promise((resolve) => {
    const stop = call.subscribe(() => {
      check()
    })
    const check = (): void => {
      if (call.state.kind !== kind) return
      stop()
      resolve(call.state)
    }
    check()
  })
}
