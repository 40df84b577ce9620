import { fromUtf8, utf8 } from '../bytes/index.ts'
import type { Slots } from './slots.ts'
import { maxSeen } from './limits.ts'

/** All ids as one list, oldest first: how they were kept before there was the ring. */
const formerName = 'chat.seen'

/** Ids in one slot: what is written when another one is added. */
const chunkSize = 500
/** One more than hold `maxSeen`, so that as many are left while the oldest chunk is written over. */
const chunkCount = Math.ceil(maxSeen / chunkSize) + 1

/** So many ids after each other, from the one that was the `first`th of all. */
interface Chunk {
  readonly first: number
  readonly ids: readonly string[]
}

/** The ids that were taken last, at least `maxSeen` of them, in a ring of slots. */
export class SeenLog {
  readonly #slots: Slots
  readonly #ids: string[]
  /** How many there were before those. */
  #dropped: number
  /** How many of all that there were are kept already. */
  #written: number
  /** The ids of `formerName` may not be in the ring yet. */
  #hasFormer = false

  private constructor(slots: Slots, chunks: readonly Chunk[]) {
    this.#slots = slots
    this.#ids = chunks.flatMap(({ ids }) => ids)
    this.#dropped = chunks[0]?.first ?? 0
    this.#written = this.#dropped + this.#ids.length
  }

  static async open(slots: Slots): Promise<SeenLog> {
    const kept = await Promise.all(Array.from({ length: chunkCount }, (_, index) => slots.read(slotName(index))))
    // Nobody but us has written it: the slots are sealed.
    const chunks = kept.flatMap((bytes) => (bytes ? [JSON.parse(fromUtf8(bytes)) as Chunk] : []))
    const log = new SeenLog(
      slots,
      chunks.sort((a, b) => a.first - b.first),
    )
    const former = await slots.read(formerName)
    if (former !== undefined) log.#takeFormer(JSON.parse(fromUtf8(former)) as readonly string[])
    return log
  }

  /** What is in the ring already stays where it is: a crash may have come between the first write and the end of the slot. */
  #takeFormer(former: readonly string[]): void {
    const known = new Set(this.#ids)
    const missing = former.filter((id) => !known.has(id))
    const room = chunkCount * chunkSize - 1 - this.#ids.length
    for (const id of missing.slice(Math.max(0, missing.length - room))) this.add(id)
    this.#hasFormer = true
  }

  /** Oldest first. */
  get ids(): readonly string[] {
    return this.#ids
  }

  add(id: string): void {
    this.#ids.push(id)
    if (this.#ids.length < chunkCount * chunkSize) return
    this.#dropped += chunkSize
    this.#ids.splice(0, chunkSize)
  }

  /** Writes what was added since; resolves when a crash would not lose it any more. What fails is written the next time. */
  async write(): Promise<void> {
    const end = this.#dropped + this.#ids.length
    const from = Math.max(this.#dropped, this.#written)
    for (let chunk = Math.floor(from / chunkSize); chunk * chunkSize < end && from < end; chunk++) {
      const first = chunk * chunkSize
      const ids = this.#ids.slice(first - this.#dropped, first - this.#dropped + chunkSize)
      await this.#slots.write(slotName(chunk % chunkCount), utf8(JSON.stringify({ first, ids } satisfies Chunk)))
      this.#written = Math.min(end, first + chunkSize)
    }
    if (!this.#hasFormer) return
    await this.#slots.remove(formerName)
    this.#hasFormer = false
  }
}

function slotName(index: number): string {
  return `chat.seen.${String(index)}`
}
