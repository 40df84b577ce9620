/**
 * Purpose. One base class and six fault families, each error with a stable code.
 * Promises. `code` never changes its meaning; `message` is for developers and never holds foreign bytes.
 * Does not. Hold words for people: those live in the frontend, keyed by `code`.
 * May import. Nothing.
 */
export {
  PigeonError,
  UsageError,
  CodecError,
  AuthenticationError,
  TransportError,
  LimitError,
  InternalError,
} from './pigeon-error.ts'
