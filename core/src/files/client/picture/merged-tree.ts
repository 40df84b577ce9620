import type { KnownJournal } from '../../../control-log/index.ts'
import type { DriveKey } from '../../ids.ts'
import type { Batch } from '../../journal/index.ts'
import { Tree } from '../../tree/index.ts'

/** A drive as far as it was read. */
export interface ReadJournal extends KnownJournal {
  readonly batches: readonly Batch[]
}

export interface MergedTreePorts {
  readonly journal: (drive: DriveKey) => ReadJournal | undefined
  /**
   * Whether a batch counts, by what is known of the room's log and of its drive. What is read or told later lets more count, never less: what is told, of the
   * batches up to it; and a batch that was read, others than itself only if it counts.
   */
  readonly counts: (batch: Batch, journal: KnownJournal) => boolean
}

interface Judged {
  /** How many batches of the drive were looked at. */
  seen: number
  /** And how much of it was told then. */
  told: number
  readonly counted: Batch[]
  /** Those that may count later, in their order. */
  readonly left: Batch[]
  /** By another log any of them may. */
  isInDoubt: boolean
}

/** As many ops are taken in at a time, a few hundredths of a second: a page stays fluid while a large room is read. */
const maxAtOnce = 4_096

/**
 * The tree of the batches that count. What came since is taken in when somebody asks for it; where that is much, part by part: `advance` is called
 * until there is no more.
 */
export class MergedTree {
  readonly #ports: MergedTreePorts
  readonly #judged = new Map<DriveKey, Judged>()
  readonly #grown = new Set<DriveKey>()
  /** What counts and is not taken in yet. */
  #ready: Batch[] = []
  #readyOps = 0
  #isInDoubt = false
  #tree = new Tree()
  #clock = 0

  constructor(ports: MergedTreePorts) {
    this.#ports = ports
  }

  /** All of it, but for where there is much to take in. */
  get tree(): Tree {
    this.#judgeAll()
    if (this.#readyOps <= maxAtOnce) this.#takeIn(this.#ready.length)
    return this.#tree
  }

  /** All of it, at whatever cost. */
  get whole(): Tree {
    this.#judgeAll()
    this.#takeIn(this.#ready.length)
    return this.#tree
  }

  /** Takes in the next part. @returns false if there is more. */
  advance(): boolean {
    this.#judgeAll()
    this.#ready.sort((one, other) => clockOf(one) - clockOf(other))
    const [first] = this.#ready
    // What has to be applied again would be so for each part.
    const isLate = first !== undefined && this.#tree.later(clockOf(first)) > maxAtOnce
    let count = 0
    for (let ops = 0; count < this.#ready.length && (isLate || ops < maxAtOnce); count++) {
      ops += this.#ready[count]?.ops.length ?? 0
    }
    this.#takeIn(count)
    return this.#ready.length === 0
  }

  /** Whether `tree` lacks something that counts. */
  get hasMore(): boolean {
    return this.#readyOps > 0
  }

  /** The latest clock of all, also of those that do not count: ours must be later than theirs. */
  get clock(): number {
    return this.#clock
  }

  /** More of a drive was read or told. */
  grown(drive: DriveKey, batches: readonly Batch[]): void {
    this.#grown.add(drive)
    for (const { ops } of batches) for (const { clock } of ops) this.#clock = Math.max(this.#clock, clock)
  }

  /** Others may count now, and some no longer. */
  rightsChanged(): void {
    this.#isInDoubt = true
  }

  #takeIn(count: number): void {
    if (count === 0) return
    const taken = this.#ready.splice(0, count)
    for (const { ops } of taken) this.#readyOps -= ops.length
    this.#tree.add(taken)
  }

  #judgeAll(): void {
    const isLess = this.#isInDoubt && this.#doubt()
    this.#isInDoubt = false
    for (const drive of this.#grown) this.#judge(drive)
    this.#grown.clear()
    // Nobody sees a room half empty because somebody else has other rights.
    if (isLess) this.#takeIn(this.#ready.length)
  }

  /** Everything is to be judged again. @returns whether something does not count any more: then the tree is begun anew. */
  #doubt(): boolean {
    const { journal, counts } = this.#ports
    const isLess = [...this.#judged].some(([drive, { counted }]) => {
      const known = journal(drive)
      return known && counted.some((batch) => !counts(batch, known))
    })
    for (const [drive, judged] of this.#judged) {
      judged.isInDoubt = true
      this.#grown.add(drive)
    }
    if (!isLess) return false
    this.#tree = new Tree()
    this.#judged.clear()
    this.#ready = []
    this.#readyOps = 0
    return true
  }

  #judge(drive: DriveKey): void {
    const { journal, counts } = this.#ports
    const known = journal(drive)
    if (!known) return
    const judged = this.#judged.get(drive) ?? { seen: 0, told: 0, counted: [], left: [], isInDoubt: false }
    this.#judged.set(drive, judged)
    const { left } = judged
    const counted: Batch[] = []
    const others: Batch[] = []
    for (const batch of known.batches.slice(judged.seen)) (counts(batch, known) ? counted : others).push(batch)
    // Whoever goes on writing what does not count has nothing looked at twice.
    let from = counted.length > 0 || judged.isInDoubt ? 0 : left.length
    while (known.told > judged.told && (left[from - 1]?.number ?? -1) >= judged.told) from -= 1
    for (const batch of left.splice(from)) (counts(batch, known) ? counted : left).push(batch)
    for (const batch of others) left.push(batch)
    Object.assign(judged, { seen: known.batches.length, told: known.told, isInDoubt: false })
    for (const batch of counted) {
      judged.counted.push(batch)
      this.#ready.push(batch)
      this.#readyOps += batch.ops.length
    }
  }
}

function clockOf({ ops }: Batch): number {
  return ops[0]?.clock ?? 0
}
