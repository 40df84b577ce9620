import { TransportError } from '../errors/index.ts'
import { isLoopbackHost, serverHosts } from '../ice/index.ts'
import type { Clock } from '../runtime/index.ts'

/** What a source of ICE servers answers. */
export interface IceAnswer {
  readonly iceServers: readonly RTCIceServer[]
  readonly ttlSeconds: number
}

/** Nobody waits longer than this for a source: a room without servers is better than none. */
const patienceMs = 2_000
/** A source that failed is asked again at the first use after this. */
const retryAfterMs = 5_000
/** Part of their lifetime after which credentials are renewed. */
const renewAfter = 0.5
/** Platforms warn from five servers on and slow down; an answer with more is cut. */
const maxServers = 8
const maxUrls = 4
/** RFC 7064 and RFC 7065, without the query that STUN does not have. */
const addressPattern =
  /^(?:stuns?:(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?|turns?:(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:\?transport=(?:udp|tcp))?)$/i

/**
 * The STUN and TURN servers of this device, with credentials that are renewed while they are in use. Fetching starts at
 * once, so that it runs beside everything else that a join has to wait for.
 */
export class IceSupply {
  readonly #source: (() => Promise<IceAnswer>) | undefined
  readonly #clock: Clock
  #servers: readonly RTCIceServer[] = []
  #renewAtMs = 0
  #expiresAtMs = 0
  #fetching: Promise<void> | undefined

  constructor(source: readonly RTCIceServer[] | (() => Promise<IceAnswer>), clock: Clock) {
    this.#clock = clock
    this.#source = typeof source === 'function' ? source : undefined
    if (typeof source !== 'function') this.#servers = usable(source)
    this.#renew()
  }

  /** Resolves when there is an answer or waiting for one takes too long; never rejects. */
  async ready(): Promise<void> {
    this.#renew()
    if (this.#fetching === undefined || this.#clock.now() < this.#expiresAtMs) return
    let cancel = (): void => undefined
    const late = new Promise<void>((resolve) => {
      cancel = this.#clock.after(patienceMs, resolve)
    })
    await Promise.race([this.#fetching, late])
    cancel()
  }

  /** The servers as they are known now; none if there was no answer yet. */
  servers(): readonly RTCIceServer[] {
    this.#renew()
    return this.#servers
  }

  #renew(): void {
    if (this.#source === undefined || this.#fetching !== undefined || this.#clock.now() < this.#renewAtMs) return
    this.#fetching = this.#fetch(this.#source).finally(() => {
      this.#fetching = undefined
    })
  }

  async #fetch(source: () => Promise<IceAnswer>): Promise<void> {
    try {
      const { iceServers, ttlSeconds } = await source()
      if (!Array.isArray(iceServers) || !(ttlSeconds > 0)) throw new TransportError('bad-ice-answer', 'not an answer')
      this.#servers = usable(iceServers)
      this.#renewAtMs = this.#clock.now() + renewAfter * ttlSeconds * 1_000
      this.#expiresAtMs = this.#clock.now() + ttlSeconds * 1_000
    } catch {
      // The servers that we have may still do; the doctor tells who wants to know.
      this.#renewAtMs = this.#clock.now() + retryAfterMs
    }
  }
}

/** Servers that a platform takes: one it cannot read, or a relay without credentials, would make it refuse them all. */
function usable(servers: readonly RTCIceServer[]): readonly RTCIceServer[] {
  return servers.slice(0, maxServers).flatMap(({ urls, username, credential }) => {
    const known = typeof username === 'string' && typeof credential === 'string' ? { username, credential } : undefined
    const readable = [urls].flat().filter((url) => typeof url === 'string' && addressPattern.test(url))
    const good = readable.filter((url) => known !== undefined || /^stun/i.test(url)).slice(0, maxUrls)
    return good.length === 0 ? [] : [{ urls: good, ...known }]
  })
}

/** True if one of these relays is on this very machine: its relayed addresses are loopback ones. */
export function hasLoopbackRelay(servers: readonly RTCIceServer[]): boolean {
  return serverHosts(servers, 'turn').some(isLoopbackHost)
}
