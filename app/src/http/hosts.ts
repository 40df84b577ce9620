import { isIP } from 'node:net'

/** The `Host` header, taken apart. `host` is in the canonical form that `URL` gives it. */
export interface RequestHost {
  readonly host: string
  readonly hostname: string
}

export interface HostPolicy {
  /** What the listener is bound to. */
  readonly boundTo: string
  /** Origins of the configuration, canonical. */
  readonly origins: readonly string[]
}

const hostHeader = /^([a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(:\d{1,5})?$/i

function parse(header: string | undefined): RequestHost | undefined {
  if (header === undefined || !hostHeader.test(header) || !URL.canParse(`http://${header}`)) return undefined
  const { host, hostname } = new URL(`http://${header}`)
  return { host, hostname }
}

const isAddress = (hostname: string): boolean => isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0

/** True for addresses and names that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'))
}

/**
 * The request's host if this node answers to it. Stops DNS rebinding: a stranger's page can make its own name point
 * here, but the browser then still sends that name. Loopback nodes know `localhost`, `127.0.0.1`, `[::1]` and the hosts
 * of the configured origins; others also know the name that they are bound to and every IP address, because an address
 * cannot be rebound.
 */
export function admitHost(header: string | undefined, policy: HostPolicy): RequestHost | undefined {
  const requested = parse(header)
  if (requested === undefined) return undefined
  const { hostname } = requested
  const known =
    ['localhost', '127.0.0.1', '[::1]'].includes(hostname) ||
    policy.origins.some((origin) => new URL(origin).host === requested.host) ||
    (!isLoopback(policy.boundTo) && (hostname === policy.boundTo.toLowerCase() || isAddress(hostname)))
  return known ? requested : undefined
}

/** True when the configuration names this host with https: then TLS ends in front of us. */
export function isBehindTls(host: RequestHost, policy: HostPolicy): boolean {
  return policy.origins.includes(`https://${host.host}`)
}

/**
 * May a page of `origin` open the relay? Yes for pages of this node (same host, or same name on the page's own port when
 * the relay has a second listener) and for configured origins. No `Origin` header means no browser: nothing to protect
 * a user's browser from there.
 */
export function admitOrigin(
  origin: string | undefined,
  host: RequestHost,
  policy: HostPolicy & { readonly pagePort: number },
): boolean {
  if (origin === undefined || policy.origins.includes(origin)) return true
  if (!URL.canParse(origin)) return false
  const page = new URL(origin)
  if (page.origin !== origin || !['http:', 'https:'].includes(page.protocol)) return false
  const pagePort = page.port === '' ? (page.protocol === 'https:' ? 443 : 80) : Number(page.port)
  return page.host === host.host || (page.hostname === host.hostname && pagePort === policy.pagePort)
}
