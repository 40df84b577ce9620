import { concat, equal, utf8 } from '../bytes/index.ts'
import { hmacSha256 } from '../crypto/index.ts'
import { AuthenticationError } from '../errors/index.ts'
import type { ChannelRole } from '../channel/index.ts'

const sha256Bytes = 32

/**
 * The code that each end sends first on the data channel: it proves that the DTLS association under it belongs to the
 * secure channel the key was exported from (SECURITY.md, "DTLS binding"). `sender` makes the two directions differ.
 */
export function dtlsConfirmation(
  exportedKey: Uint8Array<ArrayBuffer>,
  sender: ChannelRole,
  initiatorFingerprint: Uint8Array,
  responderFingerprint: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  return hmacSha256(exportedKey, concat(utf8(sender), new Uint8Array(1), initiatorFingerprint, responderFingerprint))
}

/**
 * Holds the first fingerprint of the other end and refuses a different one for the rest of the session (D7, D8).
 */
export class FingerprintPin {
  #pinned: Uint8Array<ArrayBuffer> | undefined

  get pinned(): Uint8Array<ArrayBuffer> | undefined {
    return this.#pinned
  }

  /** @throws {AuthenticationError} `fingerprint-changed`. */
  check(fingerprint: Uint8Array<ArrayBuffer>): void {
    this.#pinned ??= fingerprint
    if (fingerprint.length !== sha256Bytes || !equal(this.#pinned, fingerprint)) {
      throw new AuthenticationError('fingerprint-changed', 'the DTLS certificate is not the one that was bound')
    }
  }
}
