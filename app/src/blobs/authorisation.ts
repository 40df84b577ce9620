import { isGenuine, readEvent, tagValue, tagValues } from '@p2pigeon/core/nostr'

/** Kind of event by which somebody authorises an upload (BUD-01). */
const authorisationKind = 24_242
const scheme = /^Nostr ([A-Za-z0-9+/=_-]{1,8192})$/
/** Clocks differ. */
const leadSeconds = 600

/**
 * The hashes that an `Authorization` header allows to be brought, by whatever key: it names nobody, but keeps a request from being replayed for another blob.
 * Undefined for one that is not genuine, not for an upload, or over.
 */
export function uploadsAllowedBy(header: string | undefined, nowSeconds: number): readonly string[] | undefined {
  const encoded = scheme.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  try {
    const event = readEvent(JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')))
    const isMeant =
      event.kind === authorisationKind &&
      tagValue(event, 't') === 'upload' &&
      event.created_at <= nowSeconds + leadSeconds &&
      secondsOf(tagValue(event, 'expiration')) > nowSeconds
    return isMeant && isGenuine(event) ? tagValues(event, 'x') : undefined
  } catch {
    // Neither JSON nor an event: it allows nothing.
    return undefined
  }
}

function secondsOf(text = ''): number {
  return /^\d{1,12}$/.test(text) ? Number(text) : 0
}
