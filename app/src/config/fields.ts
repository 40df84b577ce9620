import { isIP } from 'node:net'
import { z } from 'zod'
import { Redacted } from '../platform/index.ts'
import type { IceServer } from './node-config.ts'

/** More of these than anyone needs is a mistake in the list. */
export const maxListItems = 32

const hostName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i
const iceUrl = /^(stuns?|turns?):[^\s?]+(\?transport=(udp|tcp))?$/i

/** The whole number that `text` writes in decimal digits, or `undefined`: no sign, no exponent, no other base. */
export function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

/** The items of `text` between its commas, or `undefined` when one is wrong or they are too many. */
export function list<T>(text: string, parse: (item: string) => T | undefined): T[] | undefined {
  const parsed = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map(parse)
  const good = parsed.filter((item) => item !== undefined)
  return good.length === parsed.length && good.length <= maxListItems ? good : undefined
}

function parseEndpoint(text: string): string | undefined {
  const colon = text.lastIndexOf(':')
  const name = text.slice(0, Math.max(colon, 0))
  const number = wholeNumber(text.slice(colon + 1))
  if (number === undefined || number < 1 || number > 65_535) return undefined
  return isIP(name) === 4 || hostName.test(name) ? `${name}:${String(number)}` : undefined
}

/** `host:port`, separated by commas; IPv4 or names, as the DHT has no IPv6. */
export function parseEndpoints(text: string): string[] | undefined {
  return list(text, parseEndpoint)
}

/** `http(s)://host[:port]` in the canonical form that browsers send. */
export function parseOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const bare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
  return bare && (url.protocol === 'http:' || url.protocol === 'https:') ? url.origin : undefined
}

/**
 * A WebSocket address. It is written into the Content-Security-Policy, so the characters that separate directives and
 * sources there are refused.
 */
export function parseSocketUrl(text: string): string | undefined {
  if (/[\s;,'"]/.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const socket = url.protocol === 'ws:' || url.protocol === 'wss:'
  return socket && url.username === '' && url.password === '' && url.hash === '' ? text : undefined
}

/** A field that `parse` reads; `problem` completes the sentence that starts with the variable's name. */
export function field<T>(parse: (text: string) => T | undefined, problem: string) {
  return z.string().transform((text, context): T => {
    const value = parse(text)
    if (value !== undefined) return value
    context.addIssue(problem)
    return z.NEVER
  })
}

/** A TCP port in decimal; 0 asks for any free one. */
export const port = field((text) => {
  const value = wholeNumber(text)
  return value !== undefined && value <= 65_535 ? value : undefined
}, 'must be a whole number from 0 to 65535')

export const host = field(
  (text) => (isIP(text) !== 0 || hostName.test(text) ? text : undefined),
  'must be an IP address or a host name, without a port',
)

export const endpoints = field(
  parseEndpoints,
  `must be a list of at most ${String(maxListItems)} host:port pairs, separated by commas`,
)

export const origins = field(
  (text) => list(text, parseOrigin),
  `must be a list of at most ${String(maxListItems)} http or https origins without a path, separated by commas`,
)

export const socketUrl = field(
  parseSocketUrl,
  'must be a ws:// or wss:// address without user name, password or fragment',
)

function parseProxyRange(text: string): string | undefined {
  const [address = '', bits, more] = text.split('/')
  const family = isIP(address)
  if (family === 0 || more !== undefined) return undefined
  if (bits === undefined) return text
  const length = wholeNumber(bits)
  return length !== undefined && length <= (family === 6 ? 128 : 32) ? text : undefined
}

const sizeUnits = { '': 1, K: 1_024, M: 1_048_576, G: 1_073_741_824, T: 1_099_511_627_776 } as const

/** Bytes as `500M` or `1.5T`: a number and a power of 1024. */
export function parseSize(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d{1,6}(?:\.\d{1,3})?)([KMGT]?)$/i.exec(text) ?? []
  if (number === undefined) return undefined
  return Math.floor(Number(number) * sizeUnits[unit.toUpperCase() as keyof typeof sizeUnits])
}

export const size = field(parseSize, 'must be a size like 500M, 10G or 1.5T')

/** How many of something a node keeps. */
export const count = field((text) => {
  const value = wholeNumber(text)
  return value !== undefined && value <= 65_536 ? value : undefined
}, 'must be a whole number from 0 to 65536')

/** `on` or `off`. */
export const switchedOn = field(
  (text) => (text === 'on' ? true : text === 'off' ? false : undefined),
  'must be on or off',
)

/** A size in MiB, up to a terabyte. */
export const mebibytes = field((text) => {
  const value = wholeNumber(text)
  return value !== undefined && value >= 1 && value <= 1_048_576 ? value : undefined
}, 'must be a whole number of megabytes from 1 to 1048576')

export const socketUrls = field(
  (text) => list(text, parseSocketUrl),
  `must be a list of at most ${String(maxListItems)} ws:// or wss:// addresses, separated by commas`,
)

/** A Redis-compatible server. The address may hold a password. */
export const busUrl = field(
  (text) => (/^rediss?:\/\/[^\s]+$/.test(text) && URL.canParse(text) ? new Redacted(text) : undefined),
  'must be a redis:// or rediss:// address',
)

export const trustedProxies = field(
  (text) => list(text, parseProxyRange),
  `must be a list of at most ${String(maxListItems)} addresses or ranges like 10.0.0.0/8, separated by commas`,
)

const iceServer = z
  .strictObject({
    urls: z.union([z.string(), z.array(z.string()).min(1).max(8)]),
    username: z.string().max(512).optional(),
    credential: z.string().max(512).optional(),
  })
  .transform((server, context): IceServer => {
    const urls = typeof server.urls === 'string' ? [server.urls] : server.urls
    const turn = urls.some((url) => /^turns?:/i.test(url))
    const complete = server.username !== undefined && server.credential !== undefined
    if (!urls.every((url) => iceUrl.test(url)) || (turn && !complete)) context.addIssue('not an ICE server')
    return {
      urls,
      ...(server.username === undefined ? {} : { username: server.username }),
      ...(server.credential === undefined ? {} : { credential: new Redacted(server.credential) }),
    }
  })

function parseIceServers(text: string): IceServer[] | undefined {
  try {
    return z.array(iceServer).max(8).safeParse(JSON.parse(text)).data
  } catch {
    // The parser's own words would quote the value, which may hold a credential.
    return undefined
  }
}

/** A JSON list of `{ urls, username?, credential? }`; TURN needs both of the last two. */
export const iceServers = field(
  parseIceServers,
  'must be a JSON list of at most 8 objects {"urls", "username", "credential"} with stun: or turn: addresses; turn: needs user name and credential',
)
