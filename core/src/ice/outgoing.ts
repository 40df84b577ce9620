import type { PrivacyLevel } from './privacy-level.ts'
import { formatIceCandidate, parseIceCandidate } from './candidate.ts'
import { anonymous, isAllowedTarget, type CandidatePolicy } from './candidate-policy.ts'
import { type CandidateInit, throughInit } from './candidate-init.ts'

/** RFC 8445 section 5.1.2.2 recommends the type preference 100; `anonymous` makes the rest. */
const reflexivePriority = 100 * 2 ** 24

/**
 * A candidate as it may leave this device, of the same kind as it came (a line, or an object without anything but the
 * line, its section and its ufrag); null if it may not leave.
 *
 * Below `lan`, host and mDNS candidates stay here. `hidden` lets relays out only. Of the rest, addresses that only mean
 * something in one network and those that hold a hardware address stay too. What leaves has no related address, no
 * extension but tcptype and ufrag, and a foundation and priority that do not tell one interface from another.
 * The empty line that ends a gathering passes.
 *
 * @param options.loopbackRelay whether our own TURN server stands on loopback: then its relayed addresses may leave.
 * @throws {CodecError} `bad-candidate`
 */
export function sanitizeIceCandidate(
  candidate: string,
  level?: PrivacyLevel,
  options?: { readonly loopbackRelay?: boolean },
): string | null
export function sanitizeIceCandidate(
  candidate: CandidateInit,
  level?: PrivacyLevel,
  options?: { readonly loopbackRelay?: boolean },
): CandidateInit | null
export function sanitizeIceCandidate(
  candidate: string | CandidateInit,
  level: PrivacyLevel = 'standard',
  options: { readonly loopbackRelay?: boolean } = {},
): string | CandidateInit | null {
  const policy = { level, loopbackRelay: options.loopbackRelay ?? false }
  return throughInit(candidate, (line) => outgoingLine(line, policy, false))
}

/**
 * As `sanitizeIceCandidate`, for the lines of a description. There a host candidate with a public address passes as a
 * server-reflexive one: the address is known to every STUN server anyway, that an interface bears it is not.
 * @throws {CodecError} `bad-candidate`
 */
export function outgoingLine(line: string, policy: CandidatePolicy, publicHosts = true): string | null {
  const candidate = parseIceCandidate(line)
  if (candidate.component !== 1 || !isAllowedTarget(candidate, policy)) return null
  if (candidate.type !== 'host' || policy.level === 'lan') return formatIceCandidate(anonymous(candidate))
  return publicHosts
    ? formatIceCandidate(anonymous({ ...candidate, type: 'srflx', priority: reflexivePriority }))
    : null
}
