/*
 * Exif (CIPA DC-008) keeps a TIFF 6.0 file: byte order, 42, and where the first directory is; that is a count and entries of twelve bytes, tag, type,
 * count and value. How a camera was held is in it, and without it pictures lie on their side.
 */
const tag = 0x0112
const typeShort = 3
const entryBytes = 12

/** How the picture is to be turned, 2 to 8, of the Exif segment whose TIFF file begins at `start`. Undefined for none, and for 1, which turns nothing. */
export function orientationOf(data: DataView, start: number): number | undefined {
  const bytes = data.byteLength - start
  if (bytes < 8) return undefined
  const order = data.getUint16(start)
  if (order !== 0x4949 && order !== 0x4d4d) return undefined
  const isLittle = order === 0x4949
  if (data.getUint16(start + 2, isLittle) !== 42) return undefined
  const directory = data.getUint32(start + 4, isLittle)
  if (directory + 2 > bytes) return undefined
  const entries = data.getUint16(start + directory, isLittle)
  for (let n = 0; n < entries; n++) {
    const at = directory + 2 + n * entryBytes
    if (at + entryBytes > bytes) return undefined
    if (data.getUint16(start + at, isLittle) !== tag) continue
    if (data.getUint16(start + at + 2, isLittle) !== typeShort) return undefined
    const value = data.getUint16(start + at + 8, isLittle)
    return value >= 2 && value <= 8 ? value : undefined
  }
  return undefined
}

/** An Exif segment that says this and nothing else. */
export function orientationOnly(turn: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array([
    ...[0x45, 0x78, 0x69, 0x66, 0, 0],
    ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8],
    ...[0, 1],
    ...[tag >> 8, tag & 0xff, 0, typeShort, 0, 0, 0, 1, 0, turn, 0, 0],
    ...[0, 0, 0, 0],
  ])
}
