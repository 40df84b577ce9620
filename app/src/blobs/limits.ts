/** Bounds that no configuration changes. Sizes in bytes, times in ms. */
export interface BlobLimits {
  /** A blob is forgotten after this time. */
  readonly retentionMs: number
  /** Between two looks at what is to be forgotten. */
  readonly sweepMs: number
  /** Uploads at once, of everybody and of one address: each holds a file and a socket. */
  readonly maxUploads: number
  readonly maxUploadsPerAddress: number
  /** Downloads at once, counted alike. */
  readonly maxDownloads: number
  readonly maxDownloadsPerAddress: number
  /** An upload that sends nothing for this long, or a download that takes nothing, is given up. */
  readonly stallMs: number
  /** Whoever is refused while they send is listened to for this long at most, so that they hear why. */
  readonly lingerMs: number
  /** Blobs in all: the table of them is in memory. */
  readonly maxBlobs: number
  /** Token bucket of requests of one address: how many at once, and per second for long. */
  readonly requestBurst: number
  readonly requestsPerSecond: number
  /** Token buckets of the bytes that one address brings, and fetches; one blob of the largest size always fits. */
  readonly uploadBurst: number
  readonly uploadPerSecond: number
  readonly downloadBurst: number
  readonly downloadPerSecond: number
}

const mebibyte = 2 ** 20

export const defaultLimits: BlobLimits = {
  retentionMs: 30 * 86_400_000,
  sweepMs: 3_600_000,
  maxUploads: 32,
  maxUploadsPerAddress: 4,
  maxDownloads: 256,
  maxDownloadsPerAddress: 32,
  stallMs: 30_000,
  lingerMs: 5_000,
  maxBlobs: 1_000_000,
  requestBurst: 120,
  requestsPerSecond: 2,
  uploadBurst: 256 * mebibyte,
  // 256 MiB in about four hours.
  uploadPerSecond: 16_384,
  downloadBurst: 1_024 * mebibyte,
  downloadPerSecond: 2 * mebibyte,
}
