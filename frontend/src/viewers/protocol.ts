/** What a frame says to the page, each word once: that it listens, that something is to be seen, that nothing will be. */
export type FrameWord = 'ready' | 'shown' | 'failed'

export interface ViewerWords {
  /** `{n}` and `{all}` stand for numbers. */
  readonly page: string
}

/** What the page hands to a frame that is ready; a port comes with it, on which the frame asks for bytes. */
export interface Handed {
  readonly name: string
  readonly sizeBytes: number
  readonly words: ViewerWords
  /** The script of a worker, where the frame needs one: it cannot fetch that itself. */
  readonly worker: Blob | undefined
}

/** Bytes from `start` to `end`, exclusive. */
export interface Ask {
  readonly id: number
  readonly start: number
  readonly end: number
}

/** Without bytes, they could not be had. */
export interface Answer {
  readonly id: number
  readonly bytes: Uint8Array<ArrayBuffer> | undefined
}

/** More at once is not answered: what is in a file decides what its frame asks for. */
export const maxAskBytes = 4 * 1_048_576
/** Asks on their way at a time; further ones fail. */
export const maxAsks = 16
