import type { PeerId } from '../identity/index.ts'
import { entryModes, type Commitment, type DriveCut, type Entry, type Operation } from './entry.ts'
import { compareCuts } from './codec.ts'
import type { EntryGraph } from './entry-graph.ts'
import { maxSeqOfHost } from './limits.ts'
import { may, type Deed, type FileRule, type InviteState, type LogState, type Rekey } from './log-state.ts'

type Of<Kind extends Operation['kind']> = Entry & { readonly operation: Extract<Operation, { kind: Kind }> }

/**
 * What the entries of a graph say, taken together. The same set of entries gives the same state, in whatever order they came.
 *
 * Entries are taken in one order that agrees with cause: Lamport number, host first, author, number. Where two of them are concurrent (neither
 * author knew of the other) the host's word on roles and otherwise the stricter one holds. So it is of no use to pretend not to have known:
 *
 * | concurrent                                       | holds                                                                    |
 * |--------------------------------------------------|--------------------------------------------------------------------------|
 * | a co-host's entry, the host taking its role away | the host's: what the co-host signed without knowing is void              |
 * | a co-host mutes or removes, host makes it co-host| the host's: no co-host acts on another                                   |
 * | two entry modes                                  | the stricter                                                             |
 * | removal and admission of one person              | the removal                                                              |
 * | muting and allowing to speak                     | the muting                                                               |
 * | two admissions by the last use of an invite      | the earlier in the order                                                 |
 * | admission by an invite, its revocation           | the admission: whoever revokes an invite removes nobody                  |
 * | two replacements of the secret                   | both, in the order: whoever lacks one of the two secrets lacks the result|
 * | two rights to files of one person                | the reader's; the cuts of both                                           |
 *
 * Times never matter. From the number on at which an author forked (signed two entries), nothing of it counts.
 */
export function fold(graph: EntryGraph, host: PeerId): LogState {
  const ordered = graph.counting().sort((a, b) => inOrder(a, b, host))
  const reading = new Reading(graph, host, ordered)
  for (const entry of ordered) reading.take(entry)
  const forks = graph.forks().map(({ author, seq }) => ({ author, seq }))
  return { ...reading.state(), fileEpoch: fileEpochOf(ordered, forks), forks }
}

/**
 * A count that only grows while entries come, in whatever order: all replacements, whether or not their authors had the right; and for an author that
 * forked, of which nothing may count any more, more than it can have made.
 */
function fileEpochOf(counting: readonly Entry[], forks: LogState['forks']): number {
  const forked = new Set(forks.map(({ author }) => author))
  const made = counting.filter(({ author, operation }) => operation.kind === 'rekey' && !forked.has(author))
  return made.length + forked.size * (maxSeqOfHost + 1)
}

function inOrder(a: Entry, b: Entry, host: PeerId): number {
  if (a.lamport !== b.lamport) return a.lamport - b.lamport
  if (a.author === b.author) return a.seq - b.seq
  if (a.author === host || b.author === host) return a.author === host ? -1 : 1
  return a.author < b.author ? -1 : 1
}

class Reading {
  readonly #graph: EntryGraph
  readonly #host: PeerId
  /** The host's decisions about who is a co-host, in its own order. */
  readonly #about = new Map<PeerId, Entry[]>()
  readonly #modes: Of<'entry'>[] = []
  readonly #admissions = new Map<PeerId, Of<'admit'>[]>()
  readonly #removals = new Map<PeerId, Of<'rekey'>[]>()
  readonly #mutings = new Map<PeerId, Of<'mute'>[]>()
  readonly #invites = new Map<Commitment, Invite>()
  readonly #revoked = new Set<Commitment>()
  readonly #rekeys: Rekey[] = []
  readonly #fileRights = new Map<PeerId, Of<'files'>[]>()
  #ended = false

  constructor(graph: EntryGraph, host: PeerId, ordered: readonly Entry[]) {
    this.#graph = graph
    this.#host = host
    for (const entry of ordered) {
      const subject = entry.author === host ? subjectOf(entry.operation) : undefined
      if (subject !== undefined) add(this.#about, subject, entry)
    }
  }

  take(entry: Entry): void {
    const { operation } = entry
    if (!may(this.#rolesFor(entry), entry.author, deedOf(operation))) return
    switch (operation.kind) {
      case 'entry':
        this.#modes.push({ ...entry, operation })
        return
      case 'admit':
        this.#admit({ ...entry, operation })
        return
      case 'mute':
        add(this.#mutings, operation.peer, { ...entry, operation })
        return
      case 'cohost':
        return
      case 'rekey':
        this.#rekey({ ...entry, operation })
        return
      case 'invite': {
        const invite = this.#invites.get(operation.invite) ?? { made: [], usedBy: new Set() }
        this.#invites.set(operation.invite, invite)
        invite.made.push({ ...entry, operation })
        return
      }
      case 'revoke-invite':
        this.#revoked.add(operation.invite)
        return
      case 'files':
        add(this.#fileRights, operation.peer, { ...entry, operation })
        return
      case 'end':
        this.#ended = true
    }
  }

  state(): Omit<LogState, 'forks' | 'fileEpoch'> {
    const modes = this.#latest(this.#modes)
    const allowed = new Set(modes.flatMap(({ operation }) => operation.members))
    for (const peer of this.#admissions.keys()) allowed.add(peer)
    const removed = new Map<PeerId, 'removed' | 'banned'>()
    for (const [peer, removals] of this.#removals) {
      if (removals.some(({ operation }) => operation.removed?.ban === true)) removed.set(peer, 'banned')
      else if (!removals.every((removal) => this.#isLetInAfter(peer, removal))) removed.set(peer, 'removed')
    }
    for (const peer of removed.keys()) allowed.delete(peer)
    const strictest = Math.max(0, ...modes.map(({ operation }) => entryModes.indexOf(operation.mode)))
    return {
      host: this.#host,
      entry: entryModes[strictest] ?? 'locked',
      allowed,
      removed,
      cohosts: new Set([...this.#about.keys()].filter((peer) => this.#isCohost(peer) && !removed.has(peer))),
      muted: new Set([...this.#mutings].filter(([, mutings]) => this.#isMuted(mutings)).map(([peer]) => peer)),
      invites: new Map(
        [...this.#invites].map(([name, invite]) => [name, { ...termsOf(invite), revoked: this.#revoked.has(name) }]),
      ),
      rekeys: this.#rekeys,
      ended: this.#ended,
      fileRights: new Map([...this.#fileRights].map(([peer, entries]) => [peer, ruleOf(this.#latest(entries))])),
    }
  }

  /** The roles of the author and of whom the entry is about, as far as they bear on it. */
  #rolesFor(entry: Entry): Pick<LogState, 'host' | 'cohosts'> {
    const cohosts = new Set<PeerId>()
    if (this.#hadRole(entry)) cohosts.add(entry.author)
    const target = targetOf(entry.operation)
    if (target !== undefined && this.#isShielded(target, entry)) cohosts.add(target)
    return { host: this.#host, cohosts }
  }

  /**
   * False for what a co-host signed without the right: when what it knew last of the host's decisions about it was no grant, or when the host took
   * the role away without knowing this entry.
   */
  #hadRole(entry: Entry): boolean {
    let granted = false
    for (const decision of this.#about.get(entry.author) ?? []) {
      if (this.#graph.isPast(decision, entry)) granted = isGrant(decision)
      else if (!isGrant(decision) && !this.#graph.isPast(entry, decision)) return false
    }
    return granted
  }

  /** True if the target was a co-host as far as the author knew, or was made one without the host's knowing this entry. */
  #isShielded(target: PeerId, entry: Entry): boolean {
    let shielded = false
    for (const decision of this.#about.get(target) ?? []) {
      if (this.#graph.isPast(decision, entry)) shielded = isGrant(decision)
      else if (isGrant(decision) && !this.#graph.isPast(entry, decision)) return true
    }
    return shielded
  }

  #isCohost(peer: PeerId): boolean {
    const last = this.#about.get(peer)?.at(-1)
    return peer !== this.#host && last !== undefined && isGrant(last)
  }

  #admit(entry: Of<'admit'>): void {
    const { peer, invite } = entry.operation
    if (invite !== undefined) {
      const known = this.#invites.get(invite)
      // Only what its author knew: nobody voids an admission by making the same invite anew.
      const made = known?.made.find((one) => this.#graph.isPast(one, entry))
      if (known === undefined || made === undefined) return
      if (!known.usedBy.has(peer) && known.usedBy.size >= made.operation.maxUses) return
      known.usedBy.add(peer)
    }
    add(this.#admissions, peer, entry)
  }

  #rekey(entry: Of<'rekey'>): void {
    const { commitment, members, removed } = entry.operation
    this.#rekeys.push({ entry: entry.hash, commitment, members: new Set(members) })
    if (removed === undefined) return
    add(this.#removals, removed.peer, entry)
  }

  #isLetInAfter(peer: PeerId, removal: Entry): boolean {
    return (this.#admissions.get(peer) ?? []).some((admission) => this.#graph.isPast(removal, admission))
  }

  #isMuted(mutings: readonly Of<'mute'>[]): boolean {
    return this.#latest(mutings).some(({ operation }) => operation.muted)
  }

  /** Those that no other of them follows. An author's own entries follow each other, so one of each author is looked at. */
  #latest<Item extends Entry>(entries: readonly Item[]): Item[] {
    const last = [...new Map(entries.map((entry) => [entry.author, entry])).values()]
    return last.filter((entry) => !last.some((other) => other !== entry && this.#graph.isPast(entry, other)))
  }
}

interface Invite {
  /** Entries that make it, in the order: one, unless somebody copies it. */
  readonly made: Of<'invite'>[]
  readonly usedBy: Set<PeerId>
}

function termsOf({ made, usedBy }: Invite): Omit<InviteState, 'revoked'> {
  const [first] = made
  return { maxUses: first?.operation.maxUses ?? 0, expiresAtMs: first?.operation.expiresAtMs ?? 0, usedBy }
}

/** Of decisions that did not know of each other. Which of two cuts of a drive is so shows the drive itself: neither outdoes the other. */
function ruleOf(latest: readonly Of<'files'>[]): FileRule {
  const cuts = new Map<string, DriveCut[]>()
  for (const cut of latest.flatMap(({ operation }) => operation.cuts).sort(compareCuts)) {
    const before = cuts.get(cut.drive)?.at(-1)
    if (before === undefined || compareCuts(before, cut) !== 0) add(cuts, cut.drive, cut)
  }
  return { right: latest.some(({ operation }) => operation.right === 'reader') ? 'reader' : 'editor', cuts }
}

/** Whose role a decision of the host is about. */
function subjectOf(operation: Operation): PeerId | undefined {
  if (operation.kind === 'cohost') return operation.peer
  return operation.kind === 'rekey' ? operation.removed?.peer : undefined
}

function isGrant({ operation }: Entry): boolean {
  return operation.kind === 'cohost' && operation.on
}

function targetOf(operation: Operation): PeerId | undefined {
  if (operation.kind === 'mute' || operation.kind === 'files') return operation.peer
  return operation.kind === 'rekey' ? operation.removed?.peer : undefined
}

function deedOf(operation: Operation): Deed {
  switch (operation.kind) {
    case 'mute':
    case 'files':
      return { kind: operation.kind, target: operation.peer }
    case 'rekey':
      return operation.removed === undefined ? { kind: 'rekey' } : { kind: 'kick', target: operation.removed.peer }
    case 'revoke-invite':
      return { kind: 'invite' }
    default:
      return { kind: operation.kind }
  }
}

function add<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}
