import { BlockList, isIP } from 'node:net'
import { addressBytes } from '../stun/index.ts'

/** What no configuration opens: this machine itself, its links, groups, and addresses that are none. */
const neverRelayed = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '::/128',
  '::1/128',
  'fe80::/10',
  'ff00::/8',
  // IPv4 in IPv6's clothes: mapped, compatible, translated, 6to4, Teredo. They would lead round every rule for IPv4.
  '::ffff:0:0/96',
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2002::/16',
  '2001::/32',
]

/** Private and reserved ranges (RFC 6890 and its registries), which TURN_ALLOW_PEERS may open in part. */
const reserved = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '240.0.0.0/4',
  'fc00::/7',
  'fec0::/10',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '3fff::/20',
]

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** One list for each family: a BlockList takes the mapped range of IPv6 for all of IPv4. */
class Ranges {
  readonly #lists = { ipv4: new BlockList(), ipv6: new BlockList() }

  constructor(ranges: readonly string[]) {
    for (const range of ranges) {
      const [address = '', bits = ''] = range.split('/')
      const family = familyOf(address)
      this.#lists[family].addSubnet(address, Number(bits), family)
    }
  }

  has(address: string): boolean {
    const family = familyOf(address)
    return this.#lists[family].check(address, family)
  }
}

const never = new Ranges(neverRelayed)
const closed = new Ranges(reserved)
const globalUnicast = new Ranges(['2000::/3'])

/**
 * Reads a range in CIDR form, e.g. `10.20.0.0/16`. `undefined` for text that is none, has bits set behind its length, or
 * touches what is never relayed to.
 */
export function parsePeerRange(text: string): string | undefined {
  const [address = '', bits = '', ...more] = text.split('/')
  const bytes = addressBytes(address)
  if (bytes === undefined || address.includes('%') || more.length > 0 || !/^\d{1,3}$/.test(bits)) return undefined
  const length = Number(bits)
  if (length > 8 * bytes.length) return undefined
  const hostBits = BigInt(8 * bytes.length - length)
  if (BigInt(`0x${bytes.toString('hex')}`) & ((1n << hostBits) - 1n)) return undefined
  const range = new Ranges([text])
  const covers = neverRelayed.some((other) => {
    const [start = ''] = other.split('/')
    return familyOf(start) === familyOf(address) && range.has(start)
  })
  return covers || never.has(address) ? undefined : text
}

/** May datagrams be relayed to this address of the network? */
export type PeerPolicy = (address: string) => boolean

export interface PeerPolicyOptions {
  /** Ranges that `parsePeerRange` accepts. */
  readonly allowed: readonly string[]
  /** Every address of this machine and those it is known by outside, canonical: whatever listens there is not for guests. */
  readonly own: readonly string[]
}

/** Public unicast addresses and the allowed ranges, but nothing of this machine. */
export function peerPolicy({ allowed, own }: PeerPolicyOptions): PeerPolicy {
  const open = new Ranges(allowed)
  const mine = new Set(own)
  return (address) => {
    if (isIP(address) === 0 || never.has(address) || mine.has(address)) return false
    if (open.has(address)) return true
    return !closed.has(address) && (isIP(address) === 4 || globalUnicast.has(address))
  }
}
