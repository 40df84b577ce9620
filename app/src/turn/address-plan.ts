import { peerPolicy } from './access/index.ts'
import type { RelayAddress } from './relay/index.ts'
import { plainAddress } from './stun/index.ts'
import type { ListenAt } from './transport/index.ts'

/** One address of this machine, as the system lists it. */
export interface LocalAddress {
  readonly address: string
  readonly family: 'IPv4' | 'IPv6'
  readonly internal: boolean
}

export interface AddressPlan {
  readonly listen: Omit<ListenAt, 'port'>
  /** At most one of each family. */
  readonly relays: readonly RelayAddress[]
  /** Addresses behind which this machine is: nothing of it is relayed to. */
  readonly own: readonly string[]
  /** Only this machine can reach the server. */
  readonly loopbackOnly: boolean
}

const wildcards = { 4: '0.0.0.0', 6: '::' } as const
const loopbacks = { 4: '127.0.0.1', 6: '::1' } as const

const familyOf = (address: string): 4 | 6 => (address.includes(':') ? 6 : 4)
const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.')

/** Public ones first; link-local ones never, as they mean nothing to others. */
function reachable(family: 4 | 6, addresses: readonly LocalAddress[]): string | undefined {
  const isPublic = peerPolicy({ allowed: [], own: [] })
  const outside = addresses
    .filter((one) => !one.internal && familyOf(one.address) === family)
    .map((one) => one.address)
    .filter((address) => !/^(169\.254\.|fe[89ab])/i.test(address))
  return outside.find((address) => isPublic(address)) ?? outside[0]
}

/**
 * Where the server listens and relays. On loopback everything stays there. With public addresses it listens on all
 * addresses and relays from those, bound to all addresses where a router translates them. Otherwise it relays from the
 * address that it listens on, or from the first of the machine that others can reach.
 *
 * @param host an IP address
 * @param publicAddresses at most one of each family
 */
export function planAddresses(
  host: string,
  publicAddresses: readonly string[],
  addresses: readonly LocalAddress[],
): AddressPlan {
  const locals = addresses.flatMap(({ address }) => plainAddress(address, 0)?.address ?? [])
  const known = publicAddresses.map((address) => plainAddress(address, 0)?.address ?? address)
  const own = [...new Set([...locals, ...known])]
  const wildcard = host === wildcards[4] || host === wildcards[6]
  if (known.length > 0) {
    const relays = known.map((advertised): RelayAddress => {
      const family = familyOf(advertised)
      return { family, bind: locals.includes(advertised) ? advertised : wildcards[family], advertised }
    })
    const family = relays.some((relay) => relay.family === 6) || familyOf(host) === 6 ? 6 : 4
    return { listen: { family, address: wildcards[family] }, relays, own, loopbackOnly: false }
  }
  const listen = { family: familyOf(host), address: host }
  const fixed = (family: 4 | 6, address: string | undefined): RelayAddress[] =>
    address === undefined ? [] : [{ family, bind: address, advertised: address }]
  if (isLoopback(host)) {
    const relays = ([4, 6] as const).flatMap((family) =>
      fixed(family, locals.includes(loopbacks[family]) ? loopbacks[family] : undefined),
    )
    return { listen, relays, own, loopbackOnly: true }
  }
  if (!wildcard) return { listen, relays: fixed(listen.family, host), own, loopbackOnly: false }
  const found = [
    ...fixed(4, reachable(4, addresses)),
    ...(listen.family === 6 ? fixed(6, reachable(6, addresses)) : []),
  ]
  return { listen, relays: found.length > 0 ? found : fixed(4, loopbacks[4]), own, loopbackOnly: false }
}
