import { isIP } from 'node:net'
import { magicCookie } from './constants.ts'

export interface TransportAddress {
  readonly family: 4 | 6
  /** Without zone; IPv6 in the form of RFC 5952. */
  readonly address: string
  readonly port: number
}

/** Wire numbers of the families (RFC 8489 section 14.1). */
export const familyNumbers = { 4: 1, 6: 2 } as const

const hex4 = (text: string): number => Number.parseInt(text, 16)

/** The 4 or 16 bytes of an address; `undefined` for text that is none. A zone (`%eth0`) is dropped. */
export function addressBytes(text: string): Buffer | undefined {
  const bare = text.replace(/%.*$/, '')
  if (isIP(bare) === 4) return Buffer.from(bare.split('.').map(Number))
  if (isIP(bare) !== 6) return undefined
  const hex = bare.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...octets: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = octets.slice(0, 4).map(Number)
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
  })
  const [head = '', tail] = hex.split('::')
  const groups = (part: string | undefined): number[] => (part ? part.split(':').map(hex4) : [])
  const front = groups(head)
  const back = groups(tail)
  const bytes = Buffer.alloc(16)
  front.forEach((group, index) => bytes.writeUInt16BE(group, 2 * index))
  back.forEach((group, index) => bytes.writeUInt16BE(group, 16 - 2 * (back.length - index)))
  return bytes
}

/** The text of 4 or 16 bytes: dotted, or groups as RFC 5952 section 4 writes them. */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, index) => ((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0))
  let longest = { from: 0, length: 1 }
  for (let from = 0; from < 8; from += 1) {
    const end = groups.findIndex((group, index) => index >= from && group !== 0)
    const length = (end < 0 ? 8 : end) - from
    if (length > longest.length) longest = { from, length }
  }
  const hex = groups.map((group) => group.toString(16))
  if (longest.length < 2) return hex.join(':')
  return `${hex.slice(0, longest.from).join(':')}::${hex.slice(longest.from + longest.length).join(':')}`
}

const mappedPrefix = Buffer.from('00000000000000000000ffff', 'hex')

/** The address as everything here compares it: canonical, and IPv4 where a socket shows it in IPv6's clothes. */
export function plainAddress(address: string, port: number): TransportAddress | undefined {
  const bytes = addressBytes(address)
  if (bytes === undefined) return undefined
  const plain = bytes.length === 16 && mappedPrefix.equals(bytes.subarray(0, 12)) ? bytes.subarray(12) : bytes
  return { family: plain.length === 4 ? 4 : 6, address: addressText(plain), port }
}

/** One string for one address and port. */
export const addressKey = ({ address, port }: Pick<TransportAddress, 'address' | 'port'>): string =>
  `${address} ${port}`

function xored(bytes: Uint8Array, transactionId: Uint8Array): Buffer {
  const mask = Buffer.alloc(16)
  mask.writeUInt32BE(magicCookie, 0)
  mask.set(transactionId, 4)
  return Buffer.from(bytes.map((byte, index) => byte ^ (mask[index] ?? 0)))
}

/** The value of an XOR-…-ADDRESS attribute (RFC 8489 section 14.2). */
export function encodeXorAddress({ family, address, port }: TransportAddress, transactionId: Uint8Array): Buffer {
  const bytes = addressBytes(address) ?? Buffer.alloc(family === 4 ? 4 : 16)
  const head = Buffer.from([0, familyNumbers[family], 0, 0])
  head.writeUInt16BE(port ^ (magicCookie >>> 16), 2)
  return Buffer.concat([head, xored(bytes, transactionId)])
}

/** The address in such a value, or `undefined` if it holds none. */
export function decodeXorAddress(value: Uint8Array, transactionId: Uint8Array): TransportAddress | undefined {
  const family = value[1] === 1 ? 4 : value[1] === 2 ? 6 : undefined
  if (family === undefined || value.length !== (family === 4 ? 8 : 20)) return undefined
  const port = (((value[2] ?? 0) << 8) | (value[3] ?? 0)) ^ (magicCookie >>> 16)
  return { family, address: addressText(xored(value.subarray(4), transactionId)), port }
}
