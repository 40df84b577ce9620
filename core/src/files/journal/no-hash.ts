/** In place of the hash of a batch: comes before the first batch of a drive. 32 bytes in hexadecimal digits. */
export const noHash = '0'.repeat(64)
