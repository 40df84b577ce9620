import { fromHex } from '../bytes/index.ts'
import { judgeRemoteCandidate, type CandidatePolicy } from '../ice/index.ts'
import { candidateLines } from './candidate-lines.ts'
import { constantOpus } from './constant-opus.ts'
import { insecureDescription } from './lines.ts'
import { readDescription } from './read-description.ts'
import { writeDescription, type Names } from './write-description.ts'

/** Ids of the other end are its own; the reader has let through only what has their form. */
const theirNames: Names = {
  sessionId: (original) => original,
  stream: (original) => original,
  track: (original) => original,
  cname: (original) => (/^[\x21-\x7e]{1,256}$/.test(original) ? original : 'none'),
}

export interface RemotePolicy extends CandidatePolicy {
  /** Makes our Opus encoder send packets of one size without pause; see `constantOpus`. */
  readonly constantAudio?: boolean
}

/**
 * A description of the other end as it may be applied here: rebuilt from the same allow-list as our own, so that the
 * platform's parser sees nothing that ours did not understand. Candidates pass as `judgeRemoteCandidate` says.
 *
 * @throws {CodecError} `too-long`, `bad-description`, `insecure-description`: it must not be applied.
 */
export function judgeRemoteSDP(sdp: string, policy: RemotePolicy): string {
  const rule = candidateLines((line) => judgeRemoteCandidate(line, policy))
  const rebuilt = writeDescription(readDescription(sdp, false), theirNames, rule)
  return policy.constantAudio === true ? constantOpus(rebuilt) : rebuilt
}

/**
 * The one SHA-256 fingerprint of the DTLS certificate in a description (RFC 8122): 32 bytes.
 * @throws {CodecError} `too-long`, `bad-description`, `insecure-description`
 */
export function fingerprintOf(sdp: string): Uint8Array<ArrayBuffer> {
  for (const { transport } of readDescription(sdp, false).media)
    if (transport.fingerprint !== undefined) return fromHex(transport.fingerprint.replaceAll(':', ''))
  throw insecureDescription()
}
