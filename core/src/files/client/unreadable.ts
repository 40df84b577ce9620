/** What browsers throw for a file that was chosen and is not what it was, or not there any more (W3C File API, section 8.1). */
export function isUnreadable(error: unknown): boolean {
  return error instanceof DOMException && (error.name === 'NotReadableError' || error.name === 'NotFoundError')
}
