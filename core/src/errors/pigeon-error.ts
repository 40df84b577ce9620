/** Base of every error this library throws. `code` is stable, lower-case, dash-separated. */
export abstract class PigeonError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
    this.name = new.target.name
  }
}

/** The caller broke the contract: wrong order, wrong argument, unsupported environment. */
export class UsageError extends PigeonError {}

/** Foreign bytes or text do not have the form they must have. Carries no piece of the input. */
export class CodecError extends PigeonError {}

/** A proof, a tag, a signature or a pinned key does not hold. Never says which byte or check failed. */
export class AuthenticationError extends PigeonError {}

/** A socket, stream, carrier or peer connection failed or was closed. Trying again may help. */
export class TransportError extends PigeonError {}

/** A named bound was reached: size, count, rate or nonce space. */
export class LimitError extends PigeonError {}

/** Our own mistake: an invariant of this library does not hold. */
export class InternalError extends PigeonError {}
