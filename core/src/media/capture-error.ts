import { UsageError } from '../errors/index.ts'

const codes: Readonly<Record<string, string>> = {
  NotAllowedError: 'media-denied',
  SecurityError: 'media-denied',
  NotFoundError: 'media-missing',
  OverconstrainedError: 'media-missing',
  NotReadableError: 'media-busy',
  AbortError: 'media-busy',
}

/** What a failed capture means to the caller (Media Capture and Streams, section 10.2): denied, missing, busy or unsupported. */
export function captureError(cause: unknown): UsageError {
  const name = cause instanceof Error ? cause.name : ''
  return new UsageError(codes[name] ?? 'media-unsupported', 'the device could not be captured', { cause })
}
