/** What one client and its node came to. Times of the client's, ms. */
export interface ClientFigures {
  readonly uploadMs: number
  readonly downloadMs: number
  /** Of the download, from `open` on. */
  readonly firstByteMs: number
  /** Median: 64 KiB somewhere else in the file. */
  readonly seekMs: number
  readonly smallMs: number
  /** Most resident memory while the large file went up and down, above what there was before. */
  readonly growthBytes: number
  /** Processor time for both. */
  readonly cpuMs: number
}
