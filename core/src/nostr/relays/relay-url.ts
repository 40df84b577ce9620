const maxUrlCharacters = 256

/**
 * A relay's address in one form: `wss:` or `ws:`, no name or password, no fragment, no slash at the end of a bare host, up to 256
 * characters. Undefined for anything else: addresses come from people, and from strangers' lists.
 */
export function relayUrlOf(text: string): string | undefined {
  const trimmed = text.trim()
  if (trimmed.length > maxUrlCharacters || !/^wss?:\/\//i.test(trimmed)) return undefined
  let url: URL
  try {
    url = new URL(trimmed)
  } catch {
    return undefined
  }
  if (url.username !== '' || url.password !== '' || url.href.includes('#') || url.hostname === '') return undefined
  const isBare = url.pathname === '/' && url.search === ''
  const written = isBare ? url.href.slice(0, -1) : url.href
  return written.length > maxUrlCharacters ? undefined : written
}

/**
 * Names that mean something only in one network: RFC 6761 (but `example`, which documents use for anybody's), RFC 6762, RFC 8375, and what routers and
 * offices use.
 */
const insideSuffix =
  /(^|\.)(local|localhost|localdomain|test|invalid|internal|intranet|private|corp|lan|home|home\.arpa)$/

/** One that anybody can mean: over TLS, and with a name that is not of one machine or network. Takes what `relayUrlOf` gives. */
export function isPublicRelay(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  // A name may end with the dot of the root; with more of them it is none, but some resolver may take it.
  const name = hostname.replace(/\.+$/, '')
  const isAddress = /^\[|^\d+(\.\d+){3}$/.test(name)
  const isInside = !name.includes('.') || insideSuffix.test(name)
  return protocol === 'wss:' && !isAddress && !isInside
}
