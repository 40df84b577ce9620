import { toHex } from '../../bytes/index.ts'
import { sha256 } from '../../crypto/index.ts'
import { AuthenticationError, CodecError } from '../../errors/index.ts'
import type { PeerId } from '../../identity/index.ts'
import type { DriveKey, MasterId } from '../ids.ts'
import type { MasterRing } from '../keys/index.ts'
import { maxBatchBytes, maxOpsPerAuthor } from '../limits.ts'
import { openBatch, readBatchHeader } from './batch.ts'
import { noHash } from './no-hash.ts'
import type { Batch } from './op.ts'

/** How much of a drive is known, and what its latest known batch was. */
export interface DriveHead {
  readonly batches: number
  /** Hash of the latest batch; `noHash` for none. */
  readonly head: string
}

/** Why a journal is not read any further. What was read before holds. */
export type JournalProblem =
  /** A batch that is not the author's, not in its place, or no batch. */
  | 'damaged'
  /** Other batches, or fewer, than were read or told before. */
  | 'rolled-back'
  /** A batch or a journal larger than anybody may write. */
  | 'over-limit'

export type JournalStep =
  | { readonly kind: 'read'; readonly batch: Batch }
  /** Nothing is wrong: offer the same batch again once this master is known. */
  | { readonly kind: 'master-unknown'; readonly master: MasterId; readonly epoch: number }
  /** This batch and all later ones are passed over. */
  | { readonly kind: 'dropped'; readonly problem: JournalProblem }

/** Ops that were read, by their authors: each has `maxOpsPerAuthor` over all of its drives, which bounds what a member can fill our memory with. */
export class OpsBudget {
  readonly #used = new Map<PeerId, number>()

  /** False if this author has not so many left. */
  take(author: PeerId, count: number): boolean {
    const used = (this.#used.get(author) ?? 0) + count
    if (used > maxOpsPerAuthor) return false
    this.#used.set(author, used)
    return true
  }
}

/**
 * Reads one drive's batches in their order, each once, and believes none before it is verified. The author of the first batch is the
 * author of the drive.
 */
export class JournalReader {
  readonly #roomId: Uint8Array
  readonly #drive: DriveKey
  readonly #known: DriveHead
  readonly #budget: OpsBudget
  #head: DriveHead = { batches: 0, head: noHash }
  #author: PeerId | undefined
  #problem: JournalProblem | undefined
  /** How many batches the drive has, by whoever was asked last. */
  #said = Number.POSITIVE_INFINITY
  /** It was named for showing less, and has not shown everything again since. */
  #showsLess = false
  #clock = 0

  /**
   * @param known what this device has read of the drive before, or what its author has signed of it: the drive must show that again.
   * @param budget shared by all readers of one room.
   */
  constructor(
    roomId: Uint8Array,
    drive: DriveKey,
    known: DriveHead = { batches: 0, head: noHash },
    budget = new OpsBudget(),
  ) {
    this.#roomId = roomId
    this.#drive = drive
    this.#known = known
    this.#budget = budget
  }

  /** What was read and verified. `batches` is the number of the batch to come. */
  get head(): DriveHead {
    return this.#head
  }

  /** Known from the first batch on. */
  get author(): PeerId | undefined {
    return this.#author
  }

  get problem(): JournalProblem | undefined {
    return this.#problem ?? (this.#showsLess ? 'rolled-back' : undefined)
  }

  /** Whether whatever else comes is passed over. A drive that shows less than is known is read as far as it goes. */
  get hasStopped(): boolean {
    return this.#problem !== undefined
  }

  /** The next batch, number `head.batches`. One at a time. */
  async take(bytes: Uint8Array, masters: Pick<MasterRing, 'get'>): Promise<JournalStep> {
    if (this.#problem) return { kind: 'dropped', problem: this.#problem }
    if (bytes.length > maxBatchBytes) return this.#drop('over-limit')
    const number = this.#head.batches
    if (number === this.#known.batches - 1 && toHex(await sha256(bytes)) !== this.#known.head) {
      return this.#drop('rolled-back')
    }
    try {
      const header = readBatchHeader(bytes)
      const master = masters.get(header.master)
      if (master === undefined) return { kind: 'master-unknown', ...header }
      const place = { roomId: this.#roomId, drive: this.#drive, number, previous: this.#head.head }
      const batch = await openBatch(place, master, bytes)
      return this.#accept(batch)
    } catch (error) {
      if (error instanceof CodecError || error instanceof AuthenticationError) return this.#drop('damaged')
      throw error
    }
  }

  /**
   * The drive says that it has `length` batches. Fewer than are known is a rollback: everything read stays, and what is left can be read. It is named so until
   * the drive shows everything again: a node may have had less for a moment.
   * @returns false if so.
   */
  holds(length: number): boolean {
    this.#said = length
    const isLess = length < Math.max(this.#known.batches, this.#head.batches)
    if (isLess) this.#showsLess = true
    else this.#look()
    return !isLess
  }

  #look(): void {
    const { batches } = this.#head
    if (batches >= this.#known.batches && this.#said >= batches) this.#showsLess = false
  }

  #accept(batch: Batch): JournalStep {
    const isInOrder = batch.ops.every(({ clock }, index) => clock >= (batch.ops[index - 1]?.clock ?? this.#clock))
    if (!isInOrder || (this.#author ?? batch.author) !== batch.author) return this.#drop('damaged')
    if (!this.#budget.take(batch.author, batch.ops.length)) return this.#drop('over-limit')
    this.#clock = batch.ops.at(-1)?.clock ?? this.#clock
    this.#author = batch.author
    this.#head = { batches: batch.number + 1, head: batch.hash }
    this.#look()
    return { kind: 'read', batch }
  }

  #drop(problem: JournalProblem): JournalStep {
    this.#problem = problem
    return { kind: 'dropped', problem }
  }
}
