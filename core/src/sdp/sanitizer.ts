import { outgoingLine, type CandidatePolicy, type PrivacyLevel } from '../ice/index.ts'
import type { Random } from '../runtime/index.ts'
import { webRandom } from '../runtime/platform/index.ts'
import { candidateLines } from './candidate-lines.ts'
import { FreshNames } from './fresh-names.ts'
import { scanForLeaks } from './leak-scan.ts'
import { readDescription } from './read-description.ts'
import { writeDescription } from './write-description.ts'

/** Rebuilds the descriptions of one session before they leave this device; one for each RTCPeerConnection. */
export class SdpSanitizer {
  readonly #policy: CandidatePolicy
  readonly #names: FreshNames

  constructor(random: Random, policy: CandidatePolicy) {
    this.#policy = policy
    this.#names = new FreshNames(random)
  }

  /**
   * The description as it may leave: rebuilt from an allow-list, never edited. No address but those of candidates that the
   * level lets pass (see `sanitizeIceCandidate`), no name that the device or its user chose, random ids for streams, tracks
   * and CNAMEs that stay the same over renegotiations, no hardware-dependent codec, no header extension that tells who
   * speaks. Media sections keep their places; one that has no allowed codec is rejected. What comes out passes unchanged.
   *
   * @throws {CodecError} `too-long`, `bad-description`, `insecure-description`: nothing of it may be sent.
   */
  sanitize(sdp: string): string {
    const description = readDescription(sdp, true)
    const policy = this.#policy
    const rebuilt = writeDescription(
      description,
      this.#names,
      candidateLines((line) => outgoingLine(line, policy)),
    )
    scanForLeaks(rebuilt, policy.level, policy.loopbackRelay)
    return rebuilt
  }
}

/**
 * One description through a fresh `SdpSanitizer`. Use the class where a session is renegotiated: here every call makes
 * new ids.
 *
 * ```ts
 * channel.send(sanitizeSDP(pc.localDescription.sdp, 'standard'))
 * ```
 *
 * @throws {CodecError} `too-long`, `bad-description`, `insecure-description`
 */
export function sanitizeSDP(
  sdp: string,
  level: PrivacyLevel = 'standard',
  options: { readonly loopbackRelay?: boolean; readonly random?: Random } = {},
): string {
  const policy = { level, loopbackRelay: options.loopbackRelay ?? false }
  return new SdpSanitizer(options.random ?? webRandom, policy).sanitize(sdp)
}
