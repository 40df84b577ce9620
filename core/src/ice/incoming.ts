import { formatIceCandidate, parseIceCandidate } from './candidate.ts'
import { type CandidateInit, throughInit } from './candidate-init.ts'
import { anonymous, isAllowedTarget, type CandidatePolicy } from './candidate-policy.ts'

/** Below, services listen that a stranger must not make us talk to. */
const lowestPort = 1024

/**
 * A candidate of the other end as it may be added here, cleaned and of the same kind; null if it must not be.
 *
 * Never: loopback (but a relay of our own TURN server there), unspecified, multicast, broadcast, link-local and reserved
 * addresses, those that hold a hardware address, ports below 1024 (but port 0 or 9 of an active TCP candidate, where
 * nobody is called), names (but `<uuid>.local` in `lan`), components of their own for RTCP. Private addresses in `lan`
 * only, relays alone in `hidden`.
 *
 * @throws {CodecError} `bad-candidate`
 */
export function judgeRemoteCandidate(candidate: string, policy: CandidatePolicy): string | null
export function judgeRemoteCandidate(candidate: CandidateInit, policy: CandidatePolicy): CandidateInit | null
export function judgeRemoteCandidate(
  candidate: string | CandidateInit,
  policy: CandidatePolicy,
): string | CandidateInit | null {
  return throughInit(candidate, (line) => incomingLine(line, policy))
}

function incomingLine(line: string, policy: CandidatePolicy): string | null {
  const candidate = parseIceCandidate(line)
  const { component, transport, tcpType, port } = candidate
  const callsNobody = transport === 'tcp' && tcpType === 'active' && (port === 0 || port === 9)
  if (component !== 1 || (port < lowestPort && !callsNobody)) return null
  return isAllowedTarget(candidate, policy) ? formatIceCandidate(anonymous(candidate)) : null
}
