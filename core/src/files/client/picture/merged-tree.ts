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
  /** Whether a batch counts, by what is known of the room's log and of its drive. What is read or told later lets more count, never less. */
  readonly counts: (batch: Batch, journal: KnownJournal) => boolean
}

interface Judged {
  /** How many batches of the drive were looked at. */
  seen: number
  readonly counted: Batch[]
  /** Those that may count later. */
  left: readonly Batch[]
}

/** The tree of the batches that count. What came since is put into it when somebody asks for it, and costs no more than itself. */
export class MergedTree {
  readonly #ports: MergedTreePorts
  readonly #judged = new Map<DriveKey, Judged>()
  readonly #grown = new Set<DriveKey>()
  #isInDoubt = false
  #tree = new Tree()
  #clock = 0

  constructor(ports: MergedTreePorts) {
    this.#ports = ports
  }

  get tree(): Tree {
    if (this.#isInDoubt) this.#doubt()
    this.#isInDoubt = false
    for (const drive of this.#grown) this.#judge(drive)
    this.#grown.clear()
    return this.#tree
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

  #doubt(): void {
    const { journal, counts } = this.#ports
    const isLess = [...this.#judged].some(([drive, { counted }]) => {
      const known = journal(drive)
      return known && counted.some((batch) => !counts(batch, known))
    })
    for (const drive of this.#judged.keys()) this.#grown.add(drive)
    if (!isLess) return
    this.#tree = new Tree()
    this.#judged.clear()
  }

  #judge(drive: DriveKey): void {
    const { journal, counts } = this.#ports
    const known = journal(drive)
    if (!known) return
    const judged = this.#judged.get(drive) ?? { seen: 0, counted: [], left: [] }
    this.#judged.set(drive, judged)
    const left: Batch[] = []
    const counted: Batch[] = []
    for (const batch of [...judged.left, ...known.batches.slice(judged.seen)]) {
      if (counts(batch, known)) counted.push(batch)
      else left.push(batch)
    }
    judged.seen = known.batches.length
    judged.left = left
    judged.counted.push(...counted)
    this.#tree.add(counted)
  }
}
