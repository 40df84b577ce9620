import { fromBase64url, toHex } from '../bytes/index.ts'
import type { PeerId } from '../identity/index.ts'
import type { Entry, EntryBody, EntryHash } from './entry.ts'
import { maxCohosts, maxPending, maxSeqOfCohost, maxSeqOfHost, maxVoidEntries } from './limits.ts'
import { Waiting } from './waiting.ts'

/**
 * What became of an entry that was offered.
 *
 * | outcome   | when                                                                                                            |
 * |-----------|-----------------------------------------------------------------------------------------------------------------|
 * | `added`   | it fits; `entries` are it, what it had waited for and what had waited for it, causes first                      |
 * | `known`   | it is there, or waits already                                                                                   |
 * | `waiting` | an earlier entry that it names is missing                                                                       |
 * | `aside`   | its author is known to have forked before it: it is taken up when an entry that counts names it                 |
 * | `refused` | it contradicts what it names, its author never had authority in its past, or a bound is reached                 |
 */
export type Placement =
  | { readonly kind: 'added'; readonly entries: readonly Entry[] }
  | { readonly kind: 'known' | 'waiting' | 'aside' | 'refused' }

/** Whether an entry has its place: now, once earlier ones are there, or never. */
export type Verdict = 'fits' | 'early' | 'wrong' | 'full'

/** Two entries of one author with one number: signed by it, so proof for everybody. */
export interface Fork {
  readonly author: PeerId
  /** The lowest number that the author gave to two entries. What it signed from there on is void. */
  readonly seq: number
  /** Any two of that number: which ones depends on what came first. */
  readonly proof: readonly [Entry, Entry]
}

interface Node {
  readonly entry: Entry
  /** For each author the highest number in the causal past of the entry, the entry itself included. */
  readonly past: ReadonlyMap<PeerId, number>
  /** Whom the host has made co-hosts in that past, whatever it decided later. */
  readonly granted: ReadonlySet<PeerId>
}

type Nodes = Pick<ReadonlyMap<EntryHash, Node>, 'get'>

const none: ReadonlySet<PeerId> = new Set()

/**
 * The entries of one room as a graph of causes: an entry is in it only with everything that it names, down to the root. It only grows.
 *
 * An entry counts unless its author forked at its number or before. Which entries count, and who forked where, does not depend on the order in which
 * entries came: void ones are kept only where they are proof or an entry that counts names them, since their author can sign any number of them.
 */
export class EntryGraph {
  readonly #root: EntryHash
  readonly #host: PeerId
  readonly #nodes = new Map<EntryHash, Node>()
  /** First entry seen under each author's number; a second one makes a fork. */
  readonly #first = new Map<PeerId, Map<number, Entry>>()
  readonly #forks = new Map<PeerId, Fork>()
  readonly #waiting = new Waiting(maxPending)
  /** Whom any entry here has made a co-host. */
  readonly #granted = new Set<PeerId>()
  #voidCount = 0

  constructor(root: EntryHash, host: PeerId) {
    this.#root = root
    this.#host = host
  }

  get size(): number {
    return this.#nodes.size
  }

  /** Everything, causes first. */
  entries(): Entry[] {
    return [...this.#nodes.values()].map(({ entry }) => entry)
  }

  /** The entries that count, causes first. */
  counting(): Entry[] {
    return this.entries().filter((entry) => !this.#isVoid(entry))
  }

  /** Entries that count and that no other of them names, sorted. */
  heads(): EntryHash[] {
    const heads = new Set<EntryHash>()
    for (const { hash, previous, parents } of this.counting()) {
      heads.delete(previous)
      for (const parent of parents) heads.delete(parent)
      heads.add(hash)
    }
    return [...heads].sort()
  }

  /** Names of the forks that are known here, to stand beside heads: most of the author's key and the number, as long as a hash. */
  forkMarks(): EntryHash[] {
    return this.forks().map(markOf)
  }

  /** Sorted by author. */
  forks(): Fork[] {
    return [...this.#forks.values()].sort((a, b) => (a.author < b.author ? -1 : 1))
  }

  get(hash: EntryHash): Entry | undefined {
    return this.#nodes.get(hash)?.entry
  }

  /** The author's latest entry; the first one that was seen, should there be two. */
  latestOf(author: PeerId): Entry | undefined {
    const bySeq = this.#first.get(author)
    return bySeq?.get(bySeq.size)
  }

  /** True if `cause` is `entry` or in its causal past. Both must be in the graph, and `cause` must count. */
  isPast(cause: Entry, entry: Entry): boolean {
    return (this.#nodes.get(entry.hash)?.past.get(cause.author) ?? 0) >= cause.seq
  }

  /** Whether an entry would have its place. */
  judge(entry: EntryBody): Verdict {
    return this.#judge(entry, this.#nodes)
  }

  add(entry: Entry): Placement {
    if (this.#nodes.has(entry.hash) || this.#waiting.has(entry.hash)) return { kind: 'known' }
    this.#waiting.add(entry)
    const entries = this.#settle(entry)
    if (entries.length > 0) return { kind: 'added', entries }
    if (!this.#waiting.has(entry.hash)) return { kind: 'refused' }
    return { kind: this.#isVoid(entry) ? 'aside' : 'waiting' }
  }

  /**
   * What somebody lacks that has these entries and all before them, causes first. Hashes we do not know are passed over, and void entries that nothing
   * needs are left out, but for the proofs of forks whose marks are not among the heads.
   */
  beyond(heads: readonly EntryHash[]): Entry[] {
    const theirs = this.#withCauses(heads)
    const proofs = this.forks().flatMap((fork) => (heads.includes(markOf(fork)) ? [] : fork.proof))
    const needed = this.#withCauses([...this.counting(), ...proofs].map(({ hash }) => hash))
    return this.entries().filter(({ hash }) => needed.has(hash) && !theirs.has(hash))
  }

  #withCauses(hashes: readonly EntryHash[]): ReadonlySet<EntryHash> {
    const found = new Set<EntryHash>()
    const open = [...hashes]
    for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
      const entry = found.has(hash) ? undefined : this.get(hash)
      if (entry === undefined) continue
      found.add(hash)
      open.push(entry.previous, ...entry.parents)
    }
    return found
  }

  #isVoid({ author, seq }: Entry): boolean {
    return seq >= (this.#forks.get(author)?.seq ?? Infinity)
  }

  #judge(entry: EntryBody, nodes: Nodes): Verdict {
    const { author, seq, previous, parents, lamport } = entry
    if ((seq === 1) !== (previous === this.#root)) return 'wrong'
    const causes: Node[] = []
    for (const hash of seq === 1 ? parents : [previous, ...parents]) {
      const cause = nodes.get(hash)
      if (cause === undefined) return 'early'
      const isPrevious = hash === previous
      if ((cause.entry.author === author) !== isPrevious) return 'wrong'
      if (isPrevious && cause.entry.seq !== seq - 1) return 'wrong'
      causes.push(cause)
    }
    if (lamport !== 1 + Math.max(0, ...causes.map((cause) => cause.entry.lamport))) return 'wrong'
    if (author !== this.#host) {
      // Whether the right still held is the fold's question, since it depends on what is concurrent.
      if (!causes.some(({ granted }) => granted.has(author))) return 'wrong'
      return seq > maxSeqOfCohost ? 'full' : 'fits'
    }
    const granted = union(causes.map((cause) => cause.granted))
    const one = this.#grantedBy(entry)
    const isOneTooMany = one !== undefined && !granted.has(one) && granted.size >= maxCohosts
    return seq > maxSeqOfHost || isOneTooMany ? 'full' : 'fits'
  }

  /** Whom this entry makes a co-host. */
  #grantedBy({ author, operation }: EntryBody): PeerId | undefined {
    return author === this.#host && operation.kind === 'cohost' && operation.on ? operation.peer : undefined
  }

  #isGranted(author: PeerId): boolean {
    return author === this.#host || this.#granted.has(author)
  }

  /** Places what has become possible with an entry that is new among those that wait. */
  #settle(arrived: Entry): Entry[] {
    const added: Entry[] = []
    const seen = new Set<Entry>()
    const open = [arrived]
    for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
      if (seen.has(entry) || !this.#waiting.has(entry.hash)) continue
      seen.add(entry)
      if (this.#isVoid(entry)) {
        open.push(...this.#waiting.naming(entry.hash))
        continue
      }
      const placed = this.#place(entry)
      // What could not be placed before may be possible now.
      if (placed.length > 0) seen.clear()
      for (const one of placed) open.push(...this.#waiting.naming(one.hash))
      added.push(...placed)
    }
    return added
  }

  /** An entry that counts, together with what waits of its past; nothing if that is not complete or not good. */
  #place(entry: Entry): readonly Entry[] {
    const verdict = this.judge(entry)
    if (verdict === 'fits') return this.#insert([this.#nodeOf(entry, this.#nodes)])
    if (verdict !== 'early') {
      this.#waiting.delete(entry)
      return []
    }
    const past = this.#waiting.withCauses(entry)
    // Nobody else's entries can make us keep what is void.
    if (!this.#isGranted(entry.author) && !past.some((due) => this.#grantedBy(due) === entry.author)) return []
    const staged = new Map<EntryHash, Node>()
    const nodes: Nodes = { get: (hash) => this.#nodes.get(hash) ?? staged.get(hash) }
    for (const due of past) {
      const dueVerdict = this.#judge(due, nodes)
      if (dueVerdict === 'wrong' || dueVerdict === 'full') this.#waiting.delete(due)
      if (dueVerdict !== 'fits') return []
      staged.set(due.hash, this.#nodeOf(due, nodes))
    }
    const voidOnes = [...staged.values()].filter((node) => this.#isVoid(node.entry))
    return this.#voidCount + voidOnes.length > maxVoidEntries ? [] : this.#insert([...staged.values()])
  }

  #nodeOf(entry: Entry, nodes: Nodes): Node {
    const { author, seq, previous, parents } = entry
    const causes = [previous, ...parents].map((hash) => nodes.get(hash)).filter((cause) => cause !== undefined)
    const past = new Map<PeerId, number>()
    for (const cause of causes) {
      for (const [of, reached] of cause.past) past.set(of, Math.max(past.get(of) ?? 0, reached))
    }
    past.set(author, Math.max(past.get(author) ?? 0, seq))
    const one = this.#grantedBy(entry)
    const granted = union([...causes.map((cause) => cause.granted), one === undefined ? none : new Set([one])])
    return { entry, past, granted }
  }

  /** Takes nodes in, causes first. */
  #insert(nodes: readonly Node[]): readonly Entry[] {
    for (const node of nodes) {
      const { entry, granted } = node
      this.#waiting.delete(entry)
      this.#nodes.set(entry.hash, node)
      if (this.#isVoid(entry)) this.#voidCount += 1
      for (const peer of granted) this.#granted.add(peer)
      this.#watchFork(entry)
    }
    return nodes.map(({ entry }) => entry)
  }

  #watchFork(entry: Entry): void {
    const { author, seq } = entry
    const bySeq = this.#first.get(author) ?? new Map<number, Entry>()
    this.#first.set(author, bySeq)
    const other = bySeq.get(seq)
    if (other === undefined) {
      bySeq.set(seq, entry)
      return
    }
    if (this.#isVoid(entry)) return
    this.#forks.set(author, { author, seq, proof: [other, entry] })
    this.#voidCount = this.entries().filter((one) => this.#isVoid(one)).length
  }
}

function markOf({ author, seq }: Fork): EntryHash {
  return `${toHex(fromBase64url(author)).slice(0, -8)}${seq.toString(16).padStart(8, '0')}` as EntryHash
}

/** One of the sets where it has all: most entries add nobody. */
function union(sets: readonly ReadonlySet<PeerId>[]): ReadonlySet<PeerId> {
  const largest = sets.reduce((a, b) => (b.size > a.size ? b : a), none)
  const others = sets.flatMap((set) => (set === largest ? [] : [...set].filter((peer) => !largest.has(peer))))
  return others.length === 0 ? largest : new Set([...largest, ...others])
}
