import { isHex, readEvent, type NostrEvent } from '@p2pigeon/core/nostr'
import { readFilter, type Filter, type FilterBounds } from './filter.ts'
import { relayMessage } from './relay-message.ts'
import { readJson } from './strict-json.ts'

/** What a client says (NIP-01, NIP-42). `event` and `auth` have the form of an event; nothing about them is verified. */
export type ClientMessage =
  | { readonly type: 'event'; readonly event: NostrEvent }
  | { readonly type: 'auth'; readonly event: NostrEvent }
  | { readonly type: 'request'; readonly subscription: string; readonly filters: readonly Filter[] }
  | { readonly type: 'close'; readonly subscription: string }
  /** Readable enough to be answered; a `REQ` that is refused also ends the subscription of this name. */
  | { readonly type: 'refused'; readonly answer: string; readonly subscription?: string }
  /** No message of the protocol. */
  | { readonly type: 'garbage'; readonly answer: string }

export interface MessageBounds extends FilterBounds {
  readonly maxJsonDepth: number
  readonly maxFiltersPerRequest: number
}

const maxSubscriptionCharacters = 64

/** Never throws: whatever cannot be read comes back with the answer it deserves. */
export function readClientMessage(text: string, bounds: MessageBounds): ClientMessage {
  let message: unknown
  try {
    message = readJson(text, bounds.maxJsonDepth)
  } catch {
    return garbage('invalid: this is not JSON, or nested too deep')
  }
  if (!Array.isArray(message)) return garbage('invalid: a message is an array')
  const [verb, ...rest] = message as readonly unknown[]
  switch (verb) {
    case 'EVENT':
    case 'AUTH':
      return readPublished(verb === 'EVENT' ? 'event' : 'auth', rest)
    case 'REQ':
      return readRequest(rest, bounds)
    case 'CLOSE':
      return rest.length === 1 && isSubscription(rest[0])
        ? { type: 'close', subscription: rest[0] }
        : garbage('invalid: CLOSE names a subscription')
    default:
      return garbage('unsupported: this relay knows EVENT, REQ, CLOSE and AUTH')
  }
}

function readPublished(type: 'event' | 'auth', rest: readonly unknown[]): ClientMessage {
  if (rest.length === 1) {
    try {
      return { type, event: readEvent(rest[0]) }
    } catch {
      const id = (rest[0] as { readonly id?: unknown } | null | undefined)?.id
      if (isHex(id, 64)) return { type: 'refused', answer: relayMessage.ok(id, false, 'invalid: not an event') }
    }
  }
  return garbage('invalid: not an event')
}

function readRequest([subscription, ...values]: readonly unknown[], bounds: MessageBounds): ClientMessage {
  if (!isSubscription(subscription)) return garbage('invalid: a subscription has a name of 1 to 64 characters')
  const refuse = (reason: string): ClientMessage => ({
    type: 'refused',
    answer: relayMessage.closed(subscription, reason),
    subscription,
  })
  if (values.length === 0) return refuse('invalid: REQ has at least one filter')
  if (values.length > bounds.maxFiltersPerRequest) return refuse('invalid: too many filters')
  const filters: Filter[] = []
  for (const value of values) {
    const filter = readFilter(value, bounds)
    if ('refused' in filter) return refuse(filter.refused)
    filters.push(filter)
  }
  return { type: 'request', subscription, filters }
}

function isSubscription(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= maxSubscriptionCharacters
}

function garbage(words: string): ClientMessage {
  return { type: 'garbage', answer: relayMessage.notice(words) }
}
