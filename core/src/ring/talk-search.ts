import { toHex } from '../bytes/index.ts'
import { initiate, type SecureChannel, type Verdict } from '../channel/index.ts'
import { TransportError } from '../errors/index.ts'
import type { IdentityRecord, RoomIdentity } from '../identity/index.ts'
import type { Scope } from '../lifetime/index.ts'
import type { RoomKeys } from '../link/index.ts'
import type { Clock, Random } from '../runtime/index.ts'
import type { CarrierStream, Roads } from '../signalling/index.ts'
import { Line } from './line.ts'
import { isUpToDate, personBehind } from './parties.ts'
import { ringKeys } from './ring-keys.ts'
import { Search, type Outcome } from './search.ts'
import { ChannelTalkLine, type TalkLine } from './talk-line.ts'

export interface TalkSearchPorts {
  readonly roads: Roads
  readonly clock: Clock
  readonly random: Random
  /** Its end ends the search and the lines that it has opened. */
  readonly scope: Scope
  /** This device, as the channel's identity. */
  readonly identity: RoomIdentity
  readonly record: () => IdentityRecord
  /** A genuine record of the contact, proven by the device that showed it. */
  recordMet(record: IdentityRecord): void
  /** A device answers; it has proven itself. */
  opened(line: TalkLine): void
}

/** Looks for the devices of a contact that are online and opens a line to each, for as long as its scope lives. */
export class TalkSearch {
  readonly #ports: TalkSearchPorts
  /** Lines that stand, by device: when they are over. */
  readonly #devices = new Map<string, Promise<void>>()
  #known: IdentityRecord

  constructor(ports: TalkSearchPorts, contact: IdentityRecord) {
    this.#ports = ports
    this.#known = contact
  }

  async start(): Promise<void> {
    const { roads, clock, random, scope } = this.#ports
    const keys = await ringKeys(this.#known.publicKey)
    const use = (stream: CarrierStream, signal: AbortSignal): Promise<Outcome> => this.#use(stream, keys, signal)
    roads.follow(scope, clock, (carrier, ofRoad) => {
      new Search({ carrier, keys, clock, random, scope: ofRoad, use }).start()
    })
  }

  /** Resolves when the line is over. */
  async #use(stream: CarrierStream, keys: RoomKeys, signal: AbortSignal): Promise<Outcome> {
    const { clock, random, identity, record, scope } = this.#ports
    const channel = await initiate(stream, {
      keys,
      identity,
      hello: () => record().bytes,
      judge: async (remote): Promise<Verdict> => {
        const met = await personBehind(remote, clock.now())
        if (met?.id !== this.#known.id || !isUpToDate(met, this.#known)) return { kind: 'stop', reason: 'refused' }
        this.#known = met
        return { kind: 'proceed' }
      },
      clock,
      random,
      signal,
    })
    const device = toHex(channel.remote.publicKey)
    const standing = this.#devices.get(device)
    if (scope.ended || standing !== undefined) {
      channel.close(scope.ended ? 'left' : 'duplicate')
      // By this road it is looked for again once the line by another one is over.
      await standing
      return 'anew'
    }
    const over = new Promise<void>((resolve) => {
      channel.on('closed', () => {
        resolve()
      })
    })
    this.#devices.set(device, over)
    const forget = scope.onEnd(() => {
      channel.close('left')
    })
    try {
      const [line] = await Promise.all([this.#agreed(channel), channel.proven])
      this.#ports.recordMet(line.with)
      this.#ports.opened(line)
      await over
      return 'anew'
    } finally {
      forget()
      this.#devices.delete(device)
    }
  }

  /** Asks to talk; resolves when the other end agrees. @throws {TransportError} `unreachable` when it does not. */
  #agreed(channel: SecureChannel): Promise<ChannelTalkLine> {
    return new Promise((resolve, reject) => {
      const refused = (): void => {
        reject(new TransportError('unreachable', 'this device does not talk with us'))
      }
      const line = new Line(channel)
      line.listen({
        heard: (frame) => {
          if (frame.kind !== 'talk') {
            line.hangUp('violation')
            refused()
            return
          }
          // At once: the first message may be right behind.
          resolve(new ChannelTalkLine(line.release(), this.#known, this.#ports.scope))
        },
        lost: refused,
      })
      line.say({ kind: 'talk' })
    })
  }
}
