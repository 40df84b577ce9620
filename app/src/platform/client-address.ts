import { BlockList, isIP } from 'node:net'
import type { IncomingMessage } from 'node:http'

/** More hops than any honest request has behind it. */
const maxHops = 16

/** What is known of a request's far end, with the word of trusted proxies. */
export interface FarEnd {
  /** Address of the client, IPv4 in its own form. */
  clientAddress(request: IncomingMessage): string
  /** True when a trusted proxy says that the client came by TLS. */
  cameByTls(request: IncomingMessage): boolean
}

/**
 * Reads `X-Forwarded-For` and `X-Forwarded-Proto` of requests that come from a trusted proxy, and of no others. The client is the last hop that no
 * trusted proxy has: everything before it was written by the client. A hop that is no address ends the search at the proxy that passed it on.
 */
export function farEndOf(trustedProxies: readonly string[]): FarEnd {
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
  return {
    clientAddress: (request) => {
      let nearest = plain(request.socket.remoteAddress ?? '')
      for (const hop of hopsOf(request, 'x-forwarded-for').reverse()) {
        const address = plain(hop)
        if (!isTrusted(nearest) || isIP(address) === 0) break
        nearest = address
      }
      return nearest
    },
    cameByTls: (request) =>
      isTrusted(plain(request.socket.remoteAddress ?? '')) && hopsOf(request, 'x-forwarded-proto').at(-1) === 'https',
  }
}

function hopsOf(request: IncomingMessage, header: string): string[] {
  const value = request.headers[header]
  const text = Array.isArray(value) ? value.join(',') : (value ?? '')
  return text
    .split(',')
    .slice(-maxHops)
    .map((hop) => hop.trim().toLowerCase())
}

/** Without a port, as some proxies write it; IPv4 in IPv6's clothes is IPv4. */
function plain(hop: string): string {
  const address = /^\[([^\]]*)\](?::\d+)?$/.exec(hop)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(hop)?.[1] ?? hop
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
}
