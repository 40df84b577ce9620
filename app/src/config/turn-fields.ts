import { isIP } from 'node:net'
import { Redacted } from '../platform/index.ts'
import { parsePeerRange, type TurnPort } from '../turn/index.ts'
import { field, list, maxListItems, wholeNumber } from './fields.ts'

const stunUrl = /^stuns?:[^\s?,;'"]+$/i
const turnUrl = /^turns?:[^\s?,;'"]+(\?transport=(udp|tcp))?$/i
const turnTlsUrl = /^turns:[^\s?,;'"]+(\?transport=tcp)?$/i

/** Short enough to guess is as bad as none: whoever knows it makes credentials at will. */
const minSecretLength = 16
const maxSecretLength = 512

/** Addresses that nobody outside can reach a machine by. */
const meaningless = /^(0\.|127\.|2(2[4-9]|[3-5]\d)\.|::1?$|ff)/i

function parseTurnPort(text: string): TurnPort | undefined {
  if (text === 'off') return { kind: 'off' }
  const port = wholeNumber(text)
  return port !== undefined && port <= 65_535 ? { kind: 'fixed', port } : undefined
}

function parsePublicAddresses(text: string): string[] | undefined {
  const addresses = list(text, (item) => (isIP(item) !== 0 && !meaningless.test(item) ? item.toLowerCase() : undefined))
  if (addresses === undefined) return undefined
  const families = addresses.map((address) => isIP(address))
  return new Set(families).size === families.length ? addresses : undefined
}

/** `off`, or a port; asked for by name, it must be free. 0 takes any. */
export const turnPort = field(parseTurnPort, 'must be off or a whole number from 0 to 65535')

export const publicAddresses = field(
  parsePublicAddresses,
  'must be the IPv4 address, the IPv6 address, or both separated by a comma, under which others reach this machine',
)

export const peerRanges = field(
  (text) => list(text, parsePeerRange),
  `must be a list of at most ${String(maxListItems)} address ranges like 192.168.7.0/24, separated by commas; loopback, link-local and multicast ones are never opened`,
)

export const stunUrls = field(
  (text) => list(text, (url) => (stunUrl.test(url) ? url : undefined)),
  `must be a list of at most ${String(maxListItems)} stun: or stuns: addresses, separated by commas`,
)

export const turnUrls = field(
  (text) => list(text, (url) => (turnUrl.test(url) ? url : undefined)),
  `must be a list of at most ${String(maxListItems)} turn: or turns: addresses, separated by commas`,
)

export const turnTlsUrls = field(
  (text) => list(text, (url) => (turnTlsUrl.test(url) ? url : undefined)),
  `must be a list of at most ${String(maxListItems)} turns: addresses, separated by commas`,
)

export const turnSecret = field(
  (text) => (text.length >= minSecretLength && text.length <= maxSecretLength ? new Redacted(text) : undefined),
  `must have ${String(minSecretLength)} to ${String(maxSecretLength)} characters`,
)
