import type { Rumor } from '../nostr/index.ts'

/** One deed as it is kept. */
export interface Kept {
  readonly rumor: Rumor
  /** Its place in the order, as it was when it came: a client without a clock gives none. */
  readonly place: number
  /** One of ours that everybody has. */
  readonly delivered?: true
}

/** A page's deeds, in the order in which they came. */
export type Page = readonly Kept[]
