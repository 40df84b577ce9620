/** A fault as core throws it: an error with a stable code. */
export class FakeFault extends Error {
  readonly code: string

  constructor(code: string) {
    super(code)
    this.code = code
  }
}
