import { issueCredentials } from './access/index.ts'

/** How long credentials last. They gate new allocations only, so a call may last longer than its page's credentials. */
export const credentialTtlSeconds = 3_600

/** An `RTCIceServer` as JSON. */
export interface IceServerEntry {
  readonly urls: readonly string[]
  readonly username?: string | undefined
  readonly credential?: string | undefined
}

/** What `GET /ice` answers. */
export interface IceAnswer {
  readonly iceServers: readonly IceServerEntry[]
  /** For how long the credentials in it are good, from now on. */
  readonly ttlSeconds: number
}

/** The server inside this node, as far as an answer needs it. */
export interface EmbeddedTurn {
  readonly port: number
  readonly secret: Uint8Array
  readonly loopbackOnly: boolean
  readonly listensOn: string
  /** Configured ones. */
  readonly publicAddresses: readonly string[]
}

export interface IceSources {
  readonly embedded: EmbeddedTurn | undefined
  /** Where a proxy ends TLS in front of the embedded server. */
  readonly tlsUrls: readonly string[]
  readonly stunUrls: readonly string[]
  readonly turnUrls: readonly string[]
  /** Shared with the servers of `turnUrls`. */
  readonly turnSecret: string | undefined
  /** Servers with credentials of their own. */
  readonly fixed: readonly IceServerEntry[]
}

/** How the client reached this node: the name in its `Host` header, which has been admitted, in the form of `URL`. */
export interface ReachedBy {
  readonly hostname: string
  /** TLS ends in front of this node, so that `hostname` names the proxy. */
  readonly behindTls: boolean
}

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address)
const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')

/** The host to write into the addresses, or `undefined` when this client cannot reach the embedded server. */
function embeddedHost(embedded: EmbeddedTurn, { hostname, behindTls }: ReachedBy): string | undefined {
  // Browsers may look `localhost` up as the family that nobody listens on.
  if (isLoopback(hostname)) return embedded.listensOn === '::1' ? '[::1]' : '127.0.0.1'
  if (embedded.loopbackOnly) return undefined
  const [known] = embedded.publicAddresses
  return behindTls && known !== undefined ? bracketed(known) : hostname
}

function embeddedServers(
  embedded: EmbeddedTurn,
  tlsUrls: readonly string[],
  reached: ReachedBy,
  nowMs: number,
): IceServerEntry[] {
  const host = embeddedHost(embedded, reached)
  const at = host === undefined ? [] : [`${host}:${String(embedded.port)}`]
  const urls = [...at.flatMap((one) => [`turn:${one}?transport=udp`, `turn:${one}?transport=tcp`]), ...tlsUrls]
  return [
    ...at.map((one) => ({ urls: [`stun:${one}`] })),
    ...(urls.length === 0 ? [] : [{ urls, ...issueCredentials(embedded.secret, credentialTtlSeconds, nowMs) }]),
  ]
}

/** The ICE servers for one client, with fresh credentials. */
export function iceAnswer(sources: IceSources, reached: ReachedBy, nowMs: number): IceAnswer {
  const { embedded, tlsUrls, stunUrls, turnUrls, turnSecret, fixed } = sources
  return {
    iceServers: [
      ...(embedded === undefined ? [] : embeddedServers(embedded, tlsUrls, reached, nowMs)),
      ...(stunUrls.length > 0 ? [{ urls: stunUrls }] : []),
      ...(turnUrls.length > 0 && turnSecret !== undefined
        ? [{ urls: turnUrls, ...issueCredentials(turnSecret, credentialTtlSeconds, nowMs) }]
        : []),
      ...fixed,
    ],
    ttlSeconds: credentialTtlSeconds,
  }
}
