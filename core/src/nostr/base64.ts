/** Pieces that fit on the stack of any engine. */
const pieceBytes = 8_192

/** With padding, as Nostr writes it. */
export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    binary += String.fromCharCode.apply(undefined, bytes.subarray(start, start + pieceBytes) as unknown as number[])
  }
  return btoa(binary)
}

/** Undefined for what is not base64 with padding. */
export function fromBase64(text: string): Uint8Array | undefined {
  // The platform's reader is more forgiving than the format.
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  let binary: string
  try {
    binary = atob(text)
  } catch {
    return undefined
  }
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
  return bytes
}
