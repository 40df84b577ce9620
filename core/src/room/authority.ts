import { toHex } from '../bytes/index.ts'
import {
  ControlLog,
  may,
  type Deed,
  type Entry,
  type EntryHash,
  type LogState,
  type Operation,
  type Rekey,
} from '../control-log/index.ts'
import { CodecError, UsageError } from '../errors/index.ts'
import type { PeerId, RoomIdentity } from '../identity/index.ts'
import type { Scope } from '../lifetime/index.ts'
import type { RoomKeys, RoomLink } from '../link/index.ts'
import { fractionOf, type Clock, type Random } from '../runtime/index.ts'
import { encodeControl, encodeEntries, encodeSecrets, type Control, type RoomSecrets } from './control.ts'
import { decodeMemory, encodeMemory, type RoomMemory } from './memory.ts'
import { anchorOf, SecretChain, type Era } from './secret-chain.ts'

/** Everybody repeats so often what it knows last, so that nothing stays lost; part of the pause is random. */
const gossipMs = 10_000
const gossipJitter = 0.3
/** Answers to one member's heads within a period of gossip: honest ones ask once, and again when something was missing. */
const maxAnswersPerPeriod = 8
/** An own decision waits so long for what those who are connected know: an author that missed its own past would contradict it. */
const settleMs = 3_000
/** A newcomer is told the history with the first messages; later than this it is being kept from it. */
const historyDueMs = 10_000
/** Entries that one connection may send: a full log with its void entries, as good as never twice. */
const maxEntriesOfSender = 16_384

export interface AuthorityPorts {
  readonly link: RoomLink
  readonly keys: RoomKeys
  readonly identity: RoomIdentity
  readonly clock: Clock
  readonly random: Random
  readonly scope: Scope
  readonly memory: RoomMemory | undefined
  /** Those who are connected now. */
  connected(): readonly PeerId[]
  send(to: PeerId, control: Uint8Array<ArrayBuffer>): void
  /** Secrets may go to this one: it is in by what we know. */
  isIn(peer: PeerId): boolean
  /** This one was sent what it lacked of the log, or lacks nothing. */
  gaveLog(peer: PeerId): void
  /** The log says something new, or the secret has changed. */
  changed(): void
}

/** The room's log and secrets on this device: signed here, told to the others, taken from them, kept. */
export class Authority {
  readonly log: ControlLog
  readonly #ports: AuthorityPorts
  readonly #secrets: SecretChain
  /** Connected members that have not yet said what they know. */
  readonly #awaited = new Set<PeerId>()
  readonly #received = new Map<PeerId, number>()
  /** Which secrets a connected member was told last. */
  readonly #told = new Map<PeerId, string>()
  /** Answers to heads that a member was given since it said heads for the first time in this period. */
  readonly #answers = new Map<PeerId, { sinceMs: number; count: number }>()
  #settled: (() => void)[] = []
  #era: Era
  /** Steps that tell the others something first; a change waits for them. */
  #holding = 0
  #held = false
  #historyMissing = false
  #waitsForHistory = false

  constructor(ports: AuthorityPorts) {
    const { link, keys, identity, clock } = ports
    this.#ports = ports
    this.#secrets = new SecretChain(link)
    this.#era = { epoch: link.history?.epoch ?? 0, secret: link.secret }
    this.log = new ControlLog({
      roomId: link.roomId,
      root: toHex(keys.logRoot) as EntryHash,
      identity,
      isHost: (key) => keys.isHost(key),
      clock,
      keep: (entries) => this.#keep(entries),
      changed: () => {
        this.#announce()
      },
    })
    this.#gossip()
  }

  get state(): LogState {
    return this.log.state
  }

  /** The room secret that is in force, as far as this device knows. */
  get era(): Era {
    return this.#era
  }

  /** True when the link that we came by speaks of entries that nobody has shown us in time. */
  get historyMissing(): boolean {
    return this.#historyMissing && !this.#hasHistory
  }

  may(deed: Deed): boolean {
    const self = this.#ports.identity.peerId
    return may(this.state, self, deed) && !this.state.forks.some(({ author }) => author === self)
  }

  /** Takes up what was kept of an earlier visit. */
  async restore(): Promise<void> {
    const bytes = await this.#ports.memory?.load()
    if (bytes === undefined) return
    try {
      const { entries, secrets } = decodeMemory(bytes)
      await this.log.receive(entries)
      await this.#secrets.learn(secrets, this.log)
      await this.#turn()
    } catch (error) {
      // Storage that is damaged is as good as none: the others have the log.
      if (!(error instanceof CodecError)) throw error
    }
  }

  /** A member is connected, perhaps again: both say what they know. */
  met(peer: PeerId): void {
    this.#received.delete(peer)
    this.#awaited.add(peer)
    this.#told.delete(peer)
    this.#sendHeads(peer)
    this.#expectHistory()
  }

  departed(peer: PeerId): void {
    this.#received.delete(peer)
    this.#told.delete(peer)
    this.#answers.delete(peer)
    this.#settle(peer)
  }

  /** @throws {CodecError} when a member sends more than any honest one. */
  receive(from: PeerId, control: Extract<Control, { kind: 'heads' | 'entries' | 'secrets' }>): void {
    switch (control.kind) {
      case 'heads':
        this.#sendBeyond(from, control.heads)
        // Behind the entries that they belong to: before them they mean nothing to the other end.
        this.#tellSecrets(from)
        this.#ports.gaveLog(from)
        this.#settle(from)
        return
      case 'entries':
        this.#count(from, control.entries.length)
        void this.#take(from, control.entries)
        return
      case 'secrets':
        void this.#learn(control.secrets)
    }
  }

  /**
   * Signs a decision and tells everybody. It is in force here when this resolves.
   * @throws {UsageError} `not-host` at once if our role does not allow it; `own-fork`; {LimitError} `log-full`.
   */
  async decide(deed: Deed, operation: Operation, secret?: Uint8Array<ArrayBuffer>): Promise<void> {
    if (!this.may(deed)) throw new UsageError('not-host', 'only the host, or a co-host, can do this')
    await this.#whenSettled()
    const entry = await this.#holdingBack(async () => {
      const signed = await this.log.append(operation)
      this.#broadcast([signed.bytes])
      return signed
    })
    if (secret !== undefined) await this.#learn({ origin: undefined, fresh: new Map([[entry.hash, secret]]) })
  }

  /** True for somebody who may still come back by the link of an earlier epoch: nothing since then was meant to keep it out. */
  mayReturn(peer: PeerId, sinceEpoch: number): boolean {
    return this.state.rekeys.slice(sinceEpoch).every((rekey) => this.#isListed(peer, rekey))
  }

  async #take(from: PeerId, entries: readonly Uint8Array[]): Promise<void> {
    await this.#holdingBack(async () => {
      const { added, incomplete } = await this.log.receive(entries)
      if (this.#ports.scope.ended) return
      if (incomplete) this.#sendHeads(from)
      this.#broadcast(
        added.map(({ bytes }) => bytes),
        from,
      )
    })
    await this.#turn()
  }

  /**
   * Tells the others first and puts in force then: what the log says may end connections, and a host that parts members by two histories is found
   * out by what they have told each other before.
   */
  async #holdingBack<Result>(step: () => Promise<Result>): Promise<Result> {
    this.#holding += 1
    try {
      return await step()
    } finally {
      this.#holding -= 1
      if (this.#held) this.#announce()
    }
  }

  #announce(): void {
    this.#held = this.#holding > 0
    if (!this.#held && !this.#ports.scope.ended) this.#ports.changed()
  }

  async #learn(secrets: RoomSecrets): Promise<void> {
    // Entries that came before are placed first: secrets count only beside their entry.
    await this.log.receive([])
    if (!(await this.#secrets.learn(secrets, this.log)) || this.#ports.scope.ended) return
    // What this device could not keep the others tell it again: it must not hold up the secret.
    await this.#keep().catch(() => undefined)
    await this.#turn()
    for (const peer of this.#ports.connected()) this.#tellSecrets(peer)
  }

  /** Moves to the secret that log and secrets give now. */
  async #turn(): Promise<void> {
    const era = await this.#secrets.era(this.log)
    if (era === undefined || toHex(era.secret) === toHex(this.#era.secret)) return
    this.#era = era
    this.#announce()
  }

  #broadcast(entries: readonly Uint8Array<ArrayBuffer>[], except?: PeerId): void {
    const controls = encodeEntries(entries)
    for (const peer of this.#ports.connected()) {
      if (peer !== except) for (const control of controls) this.#ports.send(peer, control)
    }
  }

  #sendHeads(peer: PeerId): void {
    this.#ports.send(peer, encodeControl({ kind: 'heads', heads: this.log.heads() }))
  }

  #sendBeyond(peer: PeerId, heads: readonly EntryHash[]): void {
    if (!this.#mayAnswer(peer)) return
    const lacking = this.log.beyond(heads).map(({ bytes }) => bytes)
    // What it had to leave aside for want of an entry is told again behind that entry.
    if (lacking.length > 0) this.#told.delete(peer)
    for (const control of encodeEntries(lacking)) this.#ports.send(peer, control)
  }

  /**
   * What this one was meant to have: fresh secrets of the replacements that list it. Being in is not enough where a room is open, since whoever was
   * removed may be in under another name that the host has never met.
   */
  #tellSecrets(peer: PeerId): void {
    if (!this.#ports.isIn(peer)) return
    const known = this.#secrets.known()
    const meant = this.state.rekeys.filter((rekey) => this.#isListed(peer, rekey)).map(({ entry }) => entry)
    const fresh = new Map([...known.fresh].filter(([entry]) => meant.includes(entry)))
    const origin = meant.length === this.state.rekeys.length ? known.origin : undefined
    const told = [...fresh.keys(), origin !== undefined].join()
    if (fresh.size === 0 || told === this.#told.get(peer)) return
    this.#told.set(peer, told)
    for (const control of encodeSecrets({ origin, fresh })) this.#ports.send(peer, control)
  }

  #isListed(peer: PeerId, { members }: Rekey): boolean {
    return members.has(peer) || this.state.allowed.has(peer) || peer === this.state.host
  }

  /** A few bytes of heads cost us a whole log: nobody asks for it all the time. */
  #mayAnswer(peer: PeerId): boolean {
    const now = this.#ports.clock.now()
    const answers = this.#answers.get(peer)
    if (answers === undefined || now - answers.sinceMs > gossipMs) {
      this.#answers.set(peer, { sinceMs: now, count: 1 })
      return true
    }
    answers.count += 1
    return answers.count <= maxAnswersPerPeriod
  }

  #count(from: PeerId, entries: number): void {
    const received = (this.#received.get(from) ?? 0) + entries
    this.#received.set(from, received)
    if (received > maxEntriesOfSender) throw new CodecError('too-long', 'more entries than any log has')
  }

  #gossip(): void {
    const { clock, random, scope } = this.#ports
    const forget = scope.onEnd(
      clock.after(gossipMs * (1 - gossipJitter * fractionOf(random)), () => {
        forget()
        if (!this.log.isEmpty) for (const peer of this.#ports.connected()) this.#sendHeads(peer)
        this.#gossip()
      }),
    )
  }

  #settle(peer: PeerId): void {
    this.#awaited.delete(peer)
    if (this.#awaited.size > 0) return
    for (const go of this.#settled.splice(0)) go()
  }

  async #whenSettled(): Promise<void> {
    if (this.#awaited.size === 0) return
    const { clock, scope } = this.#ports
    await new Promise<void>((resolve) => {
      this.#settled.push(resolve)
      const forget = [scope.onEnd(resolve), scope.onEnd(clock.after(settleMs, resolve))]
      this.#settled.push(() => {
        for (const undo of forget) undo()
      })
    })
    // Whoever has said nothing by now does not hold up the next decision, too.
    for (const peer of [...this.#awaited]) this.#settle(peer)
  }

  get #hasHistory(): boolean {
    const anchor = anchorOf(this.#ports.link)
    return anchor === undefined || this.log.has(anchor)
  }

  #expectHistory(): void {
    if (this.#hasHistory || this.#waitsForHistory) return
    this.#waitsForHistory = true
    const { clock, scope } = this.#ports
    scope.onEnd(
      clock.after(historyDueMs, () => {
        this.#historyMissing = true
        this.#announce()
      }),
    )
  }

  async #keep(kept: readonly Entry[] = this.log.entries()): Promise<void> {
    const entries = kept.map(({ bytes }) => bytes)
    await this.#ports.memory?.save(encodeMemory({ secrets: this.#secrets.known(), entries }))
  }
}
