/** A fault of the page itself, with a stable code like those of core. */
export class Fault extends Error {
  readonly code: string

  constructor(code: string, options?: ErrorOptions) {
    super(code, options)
    this.name = 'Fault'
    this.code = code
  }
}

/** The stable code of a fault of core or of the page, or `unexpected` for anything else. */
export function faultCode(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') {
    return error.code
  }
  return 'unexpected'
}
