import { BlockList, isIP } from 'node:net'
import type { IncomingMessage } from 'node:http'

/** More hops than any honest request has behind it. */
const maxHops = 16

/**
 * Names the client of a request. Without proxies that are trusted that is the other end of the connection, and no header counts. Behind one, it is
 * the last address in `X-Forwarded-For` that no trusted proxy has: everything before it was written by the client.
 */
export function clientAddressOf(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const trusted = new BlockList()
  for (const range of trustedProxies) {
    const [address = '', bits] = range.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) trusted.addAddress(address, family)
    else trusted.addSubnet(address, Number(bits), family)
  }
  const isTrusted = (address: string): boolean => {
    const family = isIP(address)
    return family !== 0 && trusted.check(address, family === 6 ? 'ipv6' : 'ipv4')
  }
  return (request) => {
    const peer = plain(request.socket.remoteAddress ?? '')
    if (!isTrusted(peer)) return peer
    const header = request.headers['x-forwarded-for']
    const hops = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').slice(-maxHops).map((hop) => plain(hop.trim()))
    return hops.reverse().find((hop) => isIP(hop) !== 0 && !isTrusted(hop)) ?? peer
  }
}

/** IPv4 in IPv6's clothes is IPv4. */
function plain(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
}
