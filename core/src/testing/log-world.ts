import {
  type ControlLog,
  type DriveCut,
  entryModes,
  type Entry,
  type EntryHash,
  type LogState,
  type Operation,
} from '../control-log/index.ts'
import type { EntryBody } from '../control-log/entry.ts'
import { EntryGraph } from '../control-log/entry-graph.ts'
import { fold } from '../control-log/fold.ts'
import { signEntry } from '../control-log/signing.ts'
import type { PeerId, RoomIdentity } from '../identity/index.ts'
import { commitment, logOf, peer, place, roomId, root, unsigned } from './log-fixture.ts'

/** One participant's copy of the log. */
export interface Device {
  append(operation: Operation): Promise<unknown>
  take(entries: readonly Entry[]): Promise<unknown>
  heads(): readonly EntryHash[]
  beyond(heads: readonly EntryHash[]): readonly Entry[]
  entries(): readonly Entry[]
  state(): LogState
}

/** Who takes part: 0 is the host, 1 to 3 are made co-hosts, 4 and 5 never have authority. */
export interface Cast {
  readonly peers: readonly PeerId[]
  device(index: number): Device
  make(index: number, body: Omit<EntryBody, 'author'>): Promise<Entry>
}

/** Graph and fold without signatures: thousands of schedules in seconds. */
export function unsignedCast(): Cast {
  const peers = Array.from({ length: 6 }, (_, index) => peer(index + 1))
  const make = async (index: number, body: Omit<EntryBody, 'author'>) => unsigned({ ...body, author: peers[index]! })
  return {
    peers,
    make,
    device: (index) => {
      const graph = new EntryGraph(root, peers[0]!)
      const heads = () => [...graph.heads(), ...graph.forkMarks()]
      return {
        heads,
        append: async (operation) => {
          const own = graph.latestOf(peers[index]!)
          if (graph.forks().some(({ author }) => author === peers[index])) return
          const others = graph.heads().flatMap((hash) => (hash === own?.hash ? [] : graph.get(hash)!))
          const body = { ...place(own, others), timeMs: 0, operation }
          if (graph.judge({ ...body, author: peers[index]! }) === 'fits') graph.add(await make(index, body))
        },
        take: async (entries) => entries.forEach((entry) => graph.add(entry)),
        beyond: (hashes) => graph.beyond(hashes),
        entries: () => graph.entries(),
        state: () => fold(graph, peers[0]!),
      }
    },
  }
}

/** Whole logs with real keys and signatures. */
export function signedCast(identities: readonly RoomIdentity[]): Cast {
  const [host] = identities
  return {
    peers: identities.map(({ peerId }) => peerId),
    make: (index, body) => signEntry(identities[index]!, roomId, body),
    device: (index) => {
      const log: ControlLog = logOf(identities[index]!, host!.publicKey)
      log.meetHost(host!.peerId)
      return {
        // Who has lost its role, or has forked, is refused: that is part of the game.
        append: (operation) => log.append(operation).catch(() => undefined),
        take: (entries) => log.receive(entries.map(({ bytes }) => bytes)),
        heads: () => log.heads(),
        beyond: (heads) => log.beyond(heads),
        entries: () => log.entries(),
        state: () => log.state,
      }
    },
  }
}

export type Step =
  | { readonly kind: 'act'; readonly who: number; readonly what: number; readonly on: number; readonly value: number }
  /** Brings some of what is on its way, in any order; perhaps twice, perhaps never. */
  | { readonly kind: 'deliver'; readonly pick: number; readonly fate: 'once' | 'twice' | 'lost' }
  /** From now on nothing passes between the two sides. */
  | { readonly kind: 'split'; readonly side: number }
  | { readonly kind: 'exchange'; readonly from: number; readonly to: number }
  /** A page is reloaded: what it kept is read again. */
  | { readonly kind: 'reload'; readonly who: number }
  /** The attacker signs what no honest device would, and shows it to some. */
  | {
      readonly kind: 'evil'
      readonly how: 'fork' | 'backdate' | 'wrong' | 'without-authority'
      readonly what: number
      readonly on: number
      readonly value: number
      readonly shownTo: number
    }

/** Devices on a network that does as a schedule says. */
export class LogWorld {
  readonly devices: Device[]
  readonly #cast: Cast
  readonly #attacker: number | undefined
  /** What the attacker has signed, whether its own device would take it or not. */
  readonly #arsenal: Entry[] = []
  #onTheWay: { readonly from: number; readonly to: number; readonly entries: readonly Entry[] }[] = []
  #side = 0

  constructor(cast: Cast, attacker: number | undefined) {
    this.#cast = cast
    this.#attacker = attacker
    this.devices = cast.peers.map((_, index) => cast.device(index))
  }

  /** Devices of honest people. */
  get honest(): readonly Device[] {
    return this.devices.filter((_, index) => index !== this.#attacker)
  }

  /** @param met everybody is there when the co-hosts are made; otherwise the schedule brings that, too. */
  async run(met: boolean, steps: readonly Step[]): Promise<void> {
    for (const cohost of [1, 2, 3]) {
      await this.#act(0, { kind: 'cohost', peer: this.#cast.peers[cohost]!, on: true })
    }
    if (met) for (const device of this.devices) await device.take(this.devices[0]!.entries())
    for (const step of steps) await this.#do(step)
  }

  /** All honest devices tell each other what they lack, until nobody does. */
  async heal(): Promise<number> {
    for (let round = 1; ; round++) {
      for (const to of this.honest) {
        for (const from of this.honest) if (from !== to) await to.take(from.beyond(to.heads()))
      }
      const names = new Set(this.honest.map((device) => device.heads().join()))
      if (names.size === 1 || round === 10) return round
    }
  }

  async #do(step: Step): Promise<void> {
    switch (step.kind) {
      case 'act':
        return this.#act(step.who, this.#operation(step.what, step.on, step.value))
      case 'deliver': {
        const [message] = this.#onTheWay.splice(step.pick % Math.max(1, this.#onTheWay.length), 1)
        if (message === undefined || step.fate === 'lost' || !this.#passes(message.from, message.to)) return
        if (step.fate === 'twice') this.#onTheWay.push(message)
        await this.devices[message.to]!.take(message.entries)
        return
      }
      case 'split':
        this.#side = step.side
        return
      case 'exchange': {
        if (!this.#passes(step.from, step.to)) return
        const to = this.devices[step.to]!
        await to.take(this.devices[step.from]!.beyond(to.heads()))
        return
      }
      case 'reload': {
        const kept = this.devices[step.who]!.entries()
        this.devices[step.who] = this.#cast.device(step.who)
        await this.devices[step.who]!.take(kept)
        return
      }
      case 'evil':
        return this.#evil(step)
    }
  }

  async #act(who: number, operation: Operation): Promise<void> {
    const device = this.devices[who]!
    const before = new Set(device.entries().map(({ hash }) => hash))
    await device.append(operation)
    const made = device.entries().filter(({ hash }) => !before.has(hash))
    this.devices.forEach((_, to) => {
      if (to !== who && made.length > 0) this.#onTheWay.push({ from: who, to, entries: made })
    })
  }

  async #evil(step: Extract<Step, { kind: 'evil' }>): Promise<void> {
    const who = step.how === 'without-authority' ? 4 : this.#attacker
    if (who === undefined) return
    const known = [...this.devices[who]!.entries(), ...this.#arsenal]
    const isOwn = (entry: Entry) => entry.author === this.#cast.peers[who]
    const own = known.filter(isOwn)
    const others = known.filter((entry) => !isOwn(entry))
    // A fork takes up any own entry, the beginning included; a backdated one knows only of old ones of others.
    const last = step.how === 'fork' ? own[step.value % (own.length + 1)] : own.at(-1)
    const old = others.slice(0, 1 + (step.value % (others.length + 1)))
    const seen = step.how === 'fork' ? others.filter((_, index) => (step.value >> (index % 8)) & 1) : old
    const where = place(last, [...new Map(seen.map((entry) => [entry.hash, entry])).values()].slice(-4))
    const bend = step.how === 'wrong' ? { lamport: where.lamport + 1 + (step.value % 3) } : {}
    const operation = this.#operation(step.what, step.on, step.value)
    const entry = await this.#cast.make(who, { ...where, ...bend, timeMs: step.value, operation })
    this.#arsenal.push(entry)
    await this.devices[who]!.take([entry])
    const story = this.#arsenal.filter(isOwn)
    for (const [to, device] of this.devices.entries()) if ((step.shownTo >> to) & 1) await device.take(story.slice(-3))
  }

  #operation(what: number, on: number, value: number): Operation {
    const { peers } = this.#cast
    const target = peers[on % peers.length]!
    const members = peers.filter((one, index) => one !== target && (value >> index) & 1)
    const yes = value % 2 === 0
    const name = commitment(value % 3)
    const operations: readonly Operation[] = [
      { kind: 'entry', mode: entryModes[value % 3]!, members },
      { kind: 'admit', peer: target, invite: undefined },
      { kind: 'admit', peer: target, invite: name },
      { kind: 'mute', peer: target, muted: yes },
      { kind: 'cohost', peer: target, on: yes },
      { kind: 'rekey', commitment: name, members, removed: { peer: target, ban: value % 5 === 0 } },
      { kind: 'rekey', commitment: name, members, removed: undefined },
      { kind: 'invite', invite: name, maxUses: 1 + (value % 2), expiresAtMs: value },
      { kind: 'revoke-invite', invite: name },
      { kind: 'end' },
      { kind: 'files', peer: target, right: yes ? 'editor' : 'reader', cuts: cutsOf(value) },
    ]
    return operations[what % operations.length]!
  }

  #passes(a: number, b: number): boolean {
    return ((this.#side >> a) & 1) === ((this.#side >> b) & 1)
  }
}

/** Up to three drives, cut here or there, also in two places. */
function cutsOf(value: number): DriveCut[] {
  const hex = (digit: number): string => digit.toString(16).repeat(64)
  return [1, 2, 3]
    .filter((drive) => (value >> drive) & 1)
    .flatMap((drive) => {
      const cut = { drive: hex(drive), batches: 1 + (value % 3), head: hex(value % 2) }
      return value % 5 === 0 ? [cut, { ...cut, batches: 4 }] : [cut]
    })
}
