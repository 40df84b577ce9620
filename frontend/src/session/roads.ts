import type { CarrierName, ProtocolConfigs } from '@p2pigeon/core'
import { relayUrl, socketUrl, type NodeInfo } from './node-status.ts'

/** How rooms are found: by all roads at once, or by one alone. */
export type RoadChoice = 'automatic' | RoadName

/** The roads of a device. Being introduced by members is none that can be chosen: it needs another one first. */
type RoadName = Exclude<CarrierName, 'member'>

export const roadNames: readonly RoadName[] = ['dht', 'server', 'nostr']

/** Addresses that were built into the page and go before what its node says. */
export interface RoadOverrides {
  readonly relay: string | undefined
  readonly signalling: string | undefined
}

/** The roads as core wants them. A node that does not answer may still be there, so its usual addresses are tried. */
export function roadConfigs(
  page: string,
  info: NodeInfo | undefined,
  overrides: RoadOverrides,
  choice: RoadChoice,
): Pick<ProtocolConfigs, 'serverlessMesh' | 'webrtc' | 'nostr' | 'road'> {
  const signalling = overrides.signalling ?? (info === undefined ? '/signalling' : info.signallingUrl)
  const nostr = info === undefined ? ['/nostr'] : info.nostrRelayUrls
  const servers = socketUrls(page, signalling === undefined ? [] : [signalling])
  const relays = socketUrls(page, nostr)
  return {
    serverlessMesh: { relayUrls: [relayUrl(page, info?.dhtRelayUrl, overrides.relay)] },
    ...(servers.length > 0 ? { webrtc: { urls: servers } } : {}),
    ...(relays.length > 0 ? { nostr: { relayUrls: relays } } : {}),
    ...(choice === 'automatic' ? {} : { road: choice }),
  }
}

/** What is no address is left out: a node that says nonsense about one road must not cost the others. */
export function socketUrls(page: string, said: readonly string[]): readonly string[] {
  return said.flatMap((url) => {
    try {
      const address = socketUrl(url, page)
      return /^wss?:/.test(address) ? [address] : []
    } catch {
      return []
    }
  })
}
