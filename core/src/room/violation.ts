import { CodecError } from '../errors/index.ts'
import type { PeerSession } from '../peer/index.ts'

/** A member that sends what is not one of our messages loses its session; nothing it sent is echoed. */
export function orViolation(session: PeerSession, step: () => void): void {
  try {
    step()
  } catch (error) {
    if (!(error instanceof CodecError)) throw error
    session.close('violation')
  }
}
