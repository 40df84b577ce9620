const mebibyte = 2 ** 20

/** Largest sealed file that is fetched, whatever its sender says. */
export const maxFetchedBytes = 64 * mebibyte
/** Files that wait to be uploaded, and their bytes together. */
export const maxParcels = 16
export const maxParcelBytes = 128 * mebibyte
/** Files that are kept here sealed after they were sent or fetched, and their bytes together; the oldest give way and are fetched again. */
export const maxCopies = 500
export const maxCopyBytes = 256 * mebibyte
/** Longest type of a file, in characters. */
export const maxFileType = 100
export const maxFileUrl = 512
/** A picture with more pixels on one side is shown as a file. */
export const maxPictureSide = 32_768
/** An upload that found no store is tried again after this, in ms. */
export const uploadRetryMs = 30_000
/** How long an authorisation to upload holds, in seconds. */
export const authorisationSeconds = 3_600
