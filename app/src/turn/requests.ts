import { permissionKey, type Allocation, type AllocationTable, type RelayAddress } from './relay/index.ts'
import type { PeerPolicy } from './access/index.ts'
import {
  attributeTypes,
  decodeXorAddress,
  firstChannel,
  lastChannel,
  numberAttribute,
  numberOf,
  udpProtocol,
  valueOf,
  valuesOf,
  type StunAttribute,
  type StunContent,
  type StunErrorCode,
  type TransportAddress,
} from './stun/index.ts'

/** How a request ends: attributes of the success, or the error code. */
export type Outcome =
  | { readonly kind: 'done'; readonly attributes: readonly StunAttribute[] }
  | { readonly kind: 'refused'; readonly code: StunErrorCode }

const done = (...attributes: readonly StunAttribute[]): Outcome => ({ kind: 'done', attributes })
const refused = (code: StunErrorCode): { readonly kind: 'refused'; readonly code: StunErrorCode } => ({
  kind: 'refused',
  code,
})

const families = new Map<number, 4 | 6>([
  [1, 4],
  [2, 6],
])

/** REQUESTED-ADDRESS-FAMILY; `undefined` for one that does not exist, IPv4 when there is none (RFC 8656 section 7.1). */
function familyOf(message: StunContent): 4 | 6 | undefined {
  const value = valueOf(message, attributeTypes.requestedAddressFamily)
  return value === undefined ? 4 : families.get(value.length === 4 ? (value[0] ?? 0) : 0)
}

/** The lifetime that a request asks for, in ms. */
export function askedLifetime(message: StunContent): number | undefined {
  const seconds = numberOf(message, attributeTypes.lifetime)
  return seconds === undefined ? undefined : seconds * 1_000
}

export const lifetimeAttribute = (ms: number): StunAttribute =>
  numberAttribute(attributeTypes.lifetime, Math.floor(ms / 1_000))

/** What an Allocate asks for, checked in the order of RFC 8656 section 7.2: the relay to open, or why not. */
export function judgeAllocate(
  message: StunContent,
  relays: readonly RelayAddress[],
):
  { readonly kind: 'open'; readonly relay: RelayAddress } | { readonly kind: 'refused'; readonly code: StunErrorCode } {
  const transport = valueOf(message, attributeTypes.requestedTransport)
  if (transport?.length !== 4) return refused(400)
  if (transport[0] !== udpProtocol) return refused(442)
  const family = familyOf(message)
  // Pairs of ports were for RTP before it shared one: none is ever free here, and so no token is ever good.
  if (valueOf(message, attributeTypes.reservationToken) ?? valueOf(message, attributeTypes.evenPort))
    return refused(508)
  const relay = relays.find((one) => one.family === family)
  return relay === undefined ? refused(440) : { kind: 'open', relay }
}

/** RFC 8656 section 8, for an allocation that is there. A lifetime of 0 is the caller's to carry out. */
export function refresh(message: StunContent, allocation: Allocation): Outcome {
  const wrongFamily =
    valueOf(message, attributeTypes.requestedAddressFamily) !== undefined &&
    familyOf(message) !== allocation.relayed.family
  if (wrongFamily) return refused(443)
  const asked = askedLifetime(message)
  return done(lifetimeAttribute(asked === 0 ? 0 : allocation.refresh(asked)))
}

export interface PeerRules {
  readonly policy: PeerPolicy
  readonly table: AllocationTable
}

/**
 * The key under which `peer` may be permitted, or the error. Addresses that are never relayed to are permitted one by one,
 * and only while they are a relayed address of this server.
 */
function keyFor(peer: TransportAddress, allocation: Allocation, { policy, table }: PeerRules): string | StunErrorCode {
  if (peer.family !== allocation.relayed.family) return 443
  if (policy(peer.address)) return permissionKey(peer, 'address')
  return table.at(peer) === undefined ? 403 : permissionKey(peer, 'exact')
}

/** RFC 8656 section 10: all peers of the request, or none. */
export function createPermission(message: StunContent, allocation: Allocation, rules: PeerRules): Outcome {
  const values = valuesOf(message, attributeTypes.xorPeerAddress)
  if (values.length === 0) return refused(400)
  const keys: string[] = []
  for (const value of values) {
    const peer = decodeXorAddress(value, message.transactionId)
    if (peer === undefined) return refused(400)
    const key = keyFor(peer, allocation, rules)
    if (typeof key === 'number') return refused(key)
    keys.push(key)
  }
  return allocation.permit(keys) ? done() : refused(508)
}

/** RFC 8656 section 12.2; installs the permission too. */
export function channelBind(message: StunContent, allocation: Allocation, rules: PeerRules): Outcome {
  const number = (numberOf(message, attributeTypes.channelNumber) ?? 0) >>> 16
  const value = valueOf(message, attributeTypes.xorPeerAddress)
  const peer = value === undefined ? undefined : decodeXorAddress(value, message.transactionId)
  if (peer === undefined || number < firstChannel || number > lastChannel) return refused(400)
  if (peer.port === 0) return refused(400)
  const key = keyFor(peer, allocation, rules)
  if (typeof key === 'number') return refused(key)
  const bound = allocation.bind(number, peer)
  if (bound !== 'bound') return refused(bound === 'conflict' ? 400 : 508)
  return allocation.permit([key]) ? done() : refused(508)
}
