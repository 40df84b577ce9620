import { concat, equal, fromHex, utf8 } from '../bytes/index.ts'
import { hmacSha256 } from '../crypto/index.ts'
import { AuthenticationError, CodecError } from '../errors/index.ts'
import type { ChannelRole } from '../channel/index.ts'

const sha256Bytes = 32
const allowedProtocols = new Set(['UDP/TLS/RTP/SAVPF', 'UDP/DTLS/SCTP'])

/**
 * The one DTLS certificate fingerprint of a description (RFC 8122), which is what the secure channel binds.
 * Refuses whatever could lead around it: no or several fingerprints, another hash than SHA-256, SDES keys,
 * profiles without DTLS, RTP without rtcp-mux.
 * @throws {CodecError} `bad-description`.
 */
export function fingerprintOf(sdp: string): Uint8Array<ArrayBuffer> {
  let fingerprint: Uint8Array<ArrayBuffer> | undefined
  for (const section of sdp.split(/^(?=m=)/m)) {
    const lines = section.split(/\r\n|\n/)
    for (const line of lines) {
      if (/^(a=crypto:|k=)/i.test(line)) throw refused()
      if (!/^a=fingerprint:/i.test(line)) continue
      const found = parseFingerprint(line)
      if (fingerprint !== undefined && !equal(fingerprint, found)) throw refused()
      fingerprint = found
    }
    if (section.startsWith('m=')) checkMedia(lines)
  }
  if (fingerprint === undefined) throw refused()
  return fingerprint
}

function parseFingerprint(line: string): Uint8Array<ArrayBuffer> {
  const match = /^a=fingerprint:sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})$/i.exec(line)
  if (match?.[1] === undefined) throw refused()
  return fromHex(match[1].replaceAll(':', '').toLowerCase())
}

function checkMedia(lines: readonly string[]): void {
  const protocol = lines[0]?.split(' ')[2] ?? ''
  if (!allowedProtocols.has(protocol)) throw refused()
  if (protocol === 'UDP/TLS/RTP/SAVPF' && !lines.includes('a=rtcp-mux')) throw refused()
  if (lines.filter((line) => line.startsWith('a=setup:')).length > 1) throw refused()
}

function refused(): CodecError {
  return new CodecError('bad-description', 'the session description is not acceptable')
}

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
