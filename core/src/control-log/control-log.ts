import { AuthenticationError, LimitError, UsageError } from '../errors/index.ts'
import { fromBase64url } from '../bytes/index.ts'
import type { PeerId, RoomIdentity } from '../identity/index.ts'
import type { Clock } from '../runtime/index.ts'
import type { Entry, EntryBody, EntryHash, Operation } from './entry.ts'
import { EntryGraph } from './entry-graph.ts'
import { fold } from './fold.ts'
import { maxHeads, maxParents } from './limits.ts'
import { emptyState, type LogState } from './log-state.ts'
import { digestOf, readEntry, signEntry } from './signing.ts'

export interface ControlLogPorts {
  readonly roomId: Uint8Array
  /** Where every author begins: binds the log to a room, its policy and its host. */
  readonly root: EntryHash
  readonly identity: Pick<RoomIdentity, 'peerId' | 'sign'>
  /** True if the key is the host's that the room link pins. */
  isHost(publicKey: Uint8Array): Promise<boolean>
  readonly clock: Clock
  /**
   * Keeps everything on this device before an own entry is shown to anybody: an author that forgets what it signed would contradict itself later.
   */
  keep(entries: readonly Entry[]): Promise<void>
  changed(): void
}

/** What a batch brought. */
export interface Receipt {
  /** New here, causes first: worth telling others. */
  readonly added: readonly Entry[]
  /** Something earlier is missing: ask whoever sent this. */
  readonly incomplete: boolean
}

/**
 * One room's decisions, signed and chained: who may come in, who was removed, muted, made a co-host (SECURITY.md, "Authority").
 *
 * Everybody who has the same entries sees the same state. Entries come from anybody; only their signatures and their place count.
 */
export class ControlLog {
  readonly #ports: ControlLogPorts
  /** Unknown until the first entry or member shows the host's key: a link has its fingerprint only. */
  #graph: EntryGraph | undefined
  #host: PeerId | undefined
  #state: LogState = emptyState
  #digest: Promise<Uint8Array<ArrayBuffer>> | undefined
  /** Work in order: what is received is placed before what is appended after it. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(ports: ControlLogPorts) {
    this.#ports = ports
  }

  get state(): LogState {
    return this.#state
  }

  get isEmpty(): boolean {
    return this.#graph === undefined || this.#graph.size === 0
  }

  /** The latest entries that count, then a mark for each fork: what somebody needs to know to tell what we lack. At most `maxHeads`. */
  heads(): readonly EntryHash[] {
    return this.#allHeads().slice(0, maxHeads)
  }

  has(hash: EntryHash): boolean {
    return this.#graph?.get(hash) !== undefined
  }

  entries(): readonly Entry[] {
    return this.#graph?.entries() ?? []
  }

  /** What somebody with these heads lacks, causes first. */
  beyond(heads: readonly EntryHash[]): readonly Entry[] {
    return this.#graph?.beyond(heads) ?? []
  }

  /** The entry among the latest that stands for all of them in an invite: whoever has it has all that it names. */
  latest(): Entry | undefined {
    return this.#graph
      ?.heads()
      .flatMap((hash) => this.#graph?.get(hash) ?? [])
      .sort((a, b) => a.lamport - b.lamport)
      .at(-1)
  }

  /** True if one entry of the log is `cause` of the other or the same. The first must count: what its author signed after a fork is no cause. */
  isPast(cause: EntryHash, entry: EntryHash): boolean {
    const [before, after] = [this.#graph?.get(cause), this.#graph?.get(entry)]
    return before !== undefined && after !== undefined && (this.#graph?.isPast(before, after) ?? false)
  }

  /** 32 bytes that are the same for everybody for whom the same entries count and who knows the same authors to have forked. */
  digest(): Promise<Uint8Array<ArrayBuffer>> {
    this.#digest ??= digestOf(this.#ports.root, this.#allHeads())
    return this.#digest
  }

  /** The host has shown its key. */
  meetHost(host: PeerId): void {
    if (this.#host !== undefined) return
    this.#host = host
    this.#graph = new EntryGraph(this.#ports.root, host)
    this.#state = { ...this.#state, host }
    this.#ports.changed()
  }

  /**
   * Signs a decision, keeps it and puts it in force here; the caller sends it to the others.
   * @throws {UsageError} `not-host` while the host is unknown, or if it never gave us a role; `own-fork` if this identity has signed two
   * continuations: its powers have ended.
   * @throws {LimitError} `log-full`; `not-kept` if this device could not keep it: then nobody was told.
   */
  append(operation: Operation): Promise<Entry> {
    return this.#inTurn(async () => {
      const { identity, roomId, clock } = this.#ports
      const graph = this.#graph
      if (graph === undefined) throw new UsageError('not-host', 'the host of the room is not known yet')
      if (this.#state.forks.some(({ author }) => author === identity.peerId)) {
        throw new UsageError('own-fork', 'this identity has signed two histories of the room')
      }
      const body = { ...this.#place(graph), author: identity.peerId, timeMs: clock.now(), operation }
      const verdict = graph.judge(body)
      if (verdict === 'full') throw new LimitError('log-full', 'the room cannot hold more decisions')
      if (verdict !== 'fits') throw new UsageError('not-host', 'only the host, or a co-host, can decide')
      const entry = await signEntry(identity, roomId, body)
      await this.#ports.keep([...graph.entries(), entry]).catch((cause: unknown) => {
        throw new LimitError('not-kept', 'this device could not keep the decision', { cause })
      })
      graph.add(entry)
      this.#refold(graph)
      return entry
    })
  }

  /**
   * Takes entries that somebody sent. Those that are none, not genuine, or out of place are passed over; nothing depends on who sent them.
   */
  receive(batch: readonly Uint8Array[]): Promise<Receipt> {
    return this.#inTurn(async () => {
      const { roomId } = this.#ports
      const read = await Promise.allSettled(batch.map((bytes) => readEntry(roomId, bytes)))
      const added: Entry[] = []
      let incomplete = false
      for (const result of read) {
        if (result.status === 'rejected') continue
        const graph = await this.#graphFor(result.value)
        // While nobody has shown us who the host is, we lack at least its first entry.
        const placement = graph?.add(result.value) ?? { kind: 'waiting' }
        if (placement.kind === 'added') added.push(...placement.entries)
        incomplete ||= placement.kind === 'waiting'
      }
      if (added.length > 0 && this.#graph !== undefined) {
        this.#refold(this.#graph)
        // What this device could not keep comes again from the others: it must not hold them up.
        await this.#ports.keep(this.#graph.entries()).catch(() => undefined)
      }
      return { added, incomplete }
    })
  }

  /** The graph, as soon as somebody's entry shows who the host is. An entry of anybody else before that is of no use. */
  async #graphFor(entry: Entry): Promise<EntryGraph | undefined> {
    if (this.#host === undefined && (await this.#ports.isHost(fromBase64url(entry.author)))) this.meetHost(entry.author)
    return this.#graph
  }

  #allHeads(): readonly EntryHash[] {
    return this.#graph === undefined ? [] : [...this.#graph.heads(), ...this.#graph.forkMarks()]
  }

  /** Where an own entry goes: after everything known. */
  #place(graph: EntryGraph): Pick<EntryBody, 'seq' | 'previous' | 'parents' | 'lamport'> {
    const own = graph.latestOf(this.#ports.identity.peerId)
    const parents = graph
      .heads()
      .filter((hash) => hash !== own?.hash)
      .slice(0, maxParents)
    const lamports = parents.map((hash) => graph.get(hash)?.lamport ?? 0)
    return {
      seq: (own?.seq ?? 0) + 1,
      previous: own?.hash ?? this.#ports.root,
      parents,
      lamport: 1 + Math.max(own?.lamport ?? 0, ...lamports),
    }
  }

  #refold(graph: EntryGraph): void {
    if (this.#host === undefined) throw new AuthenticationError('no-host', 'the host of the room is not known')
    this.#state = fold(graph, this.#host)
    this.#digest = undefined
    this.#ports.changed()
  }

  #inTurn<Result>(step: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(step)
    this.#last = result.catch(() => undefined)
    return result
  }
}
