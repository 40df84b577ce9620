import { type AddressClass, classOf } from './address-class.ts'
import { isMdnsName, type CandidateType, type IceCandidate } from './candidate.ts'
import type { PrivacyLevel } from './privacy-level.ts'

/** What may pass between two devices. */
export interface CandidatePolicy {
  readonly level: PrivacyLevel
  /** Whether our own TURN server stands on loopback (a node on this machine): then a relayed address may lie there. */
  readonly loopbackRelay: boolean
}

/** Candidates that one description may bring, and as many the trickle after it; browsers gather fewer than 20 in all. */
export const maxCandidates = 32

const anywhere: readonly AddressClass[] = ['public', 'documentation']
const inOneNetwork: readonly AddressClass[] = [...anywhere, 'private', 'cgnat', 'ula']

/** Whether the candidate's type and address may pass at all, in either direction. */
export function isAllowedTarget(candidate: IceCandidate, { level, loopbackRelay }: CandidatePolicy): boolean {
  const { type, target } = candidate
  if (level === 'hidden' && type !== 'relay') return false
  if (target.kind === 'name') return level === 'lan' && type === 'host' && isMdnsName(target.name)
  const is = classOf(target.ip)
  if (is === 'loopback') return loopbackRelay && isRelayedPort(candidate)
  return (level === 'lan' ? inOneNetwork : anywhere).includes(is)
}

/**
 * Where a TURN server puts its relayed addresses (RFC 8656 section 7.2), and where nobody else listens. A stranger may write
 * `typ relay` on anything: this is all of our own loopback that it can make a browser send checks to.
 */
const lowestRelayedPort = 49_152

function isRelayedPort({ type, transport, port }: IceCandidate): boolean {
  return type === 'relay' && transport === 'udp' && port >= lowestRelayedPort
}

/**
 * The candidate without what tells of the device behind it. Foundation and local preference are made from kind, transport
 * and address family alone: what browsers put there counts interfaces and says which is wired, wireless or a VPN.
 * The type preference stays, since it orders relays by the transport that leads to them.
 */
export function anonymous(candidate: IceCandidate): IceCandidate {
  const { component, transport, priority, target, port, type, tcpType, usernameFragment } = candidate
  const isV6 = target.kind === 'address' && target.ip.family === 6
  const kind = 4 * foundations[type] + (isV6 ? 2 : 0) + (transport === 'tcp' ? 1 : 0)
  const typePreference = priority >>> 24
  const localPreference = isV6 ? 0xffff : 0xfffe
  return {
    foundation: String(kind),
    component,
    transport,
    // RFC 8445 section 5.1.2.1
    priority: typePreference * 2 ** 24 + localPreference * 2 ** 8 + (256 - component),
    target,
    port,
    type,
    ...(type === 'host' ? {} : { related: { address: isV6 ? '::' : '0.0.0.0', port: 0 } }),
    ...(tcpType === undefined ? {} : { tcpType }),
    ...(usernameFragment === undefined ? {} : { usernameFragment }),
    extensions: [],
  }
}

const foundations: Readonly<Record<CandidateType, number>> = { host: 1, srflx: 2, prflx: 3, relay: 4 }
