/** The stable code of a fault of core, or `unexpected` for anything else. */
export function faultCode(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') {
    return error.code
  }
  return 'unexpected'
}
