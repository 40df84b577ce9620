import { isGenuine, type NostrEvent } from '@p2pigeon/core/nostr'
import { describeFault } from '../platform/index.ts'
import type { Guest } from './guests.ts'
import { nowSecondsOf, type Relay } from './relay.ts'
import { classOf, giftWrapKind, mayReceive, recipientOf, refusalOf } from './rules/index.ts'
import type { Stored } from './store/index.ts'

export interface Verdict {
  readonly accepted: boolean
  readonly reason: string
}

const words: Readonly<Record<Stored, Verdict>> = {
  stored: { accepted: true, reason: '' },
  duplicate: { accepted: true, reason: 'duplicate: already have this event' },
  outdated: { accepted: true, reason: 'duplicate: have a newer version of this event' },
  deleted: { accepted: false, reason: 'blocked: its deletion was asked for' },
}

/**
 * Takes an event from a client, or says why not: rules first, then the signature, then what costs space. A taken event is
 * stored, unless it is ephemeral, and then goes to every subscription that may have it.
 */
export function publish(
  relay: Relay,
  event: NostrEvent,
  client: { readonly guest: Guest; readonly authenticated: ReadonlySet<string> },
): Verdict {
  const nowSeconds = nowSecondsOf(relay)
  const refusal = refusalOf(event, relay, client.authenticated, nowSeconds)
  if (refusal !== undefined) return refused(refusal)
  if (!isGenuine(event)) return refused('invalid: bad id or signature')
  const body = bodyOf(event)
  if (classOf(event.kind) !== 'ephemeral') {
    const recipient = event.kind === giftWrapKind ? recipientOf(event) : undefined
    if (recipient !== undefined && !client.guest.takeMail(recipient))
      return refused('rate-limited: too much mail for one recipient')
    const verdict = store(relay, event, body, nowSeconds)
    if (verdict !== words.stored) return verdict
  }
  fanOut(relay, event, body)
  // Also when nobody listens: who is listening is nobody's business.
  return words.stored
}

function refused(reason: string): Verdict {
  return { accepted: false, reason }
}

/** The event and nothing else of what the client sent. */
function bodyOf({ id, pubkey, created_at, kind, tags, content, sig }: NostrEvent): string {
  return JSON.stringify({ id, pubkey, created_at, kind, tags, content, sig })
}

function store(relay: Relay, event: NostrEvent, body: string, nowSeconds: number): Verdict {
  try {
    const stored = relay.store.add(event, body, nowSeconds)
    relay.totals.storeFailed = false
    return words[stored]
  } catch (fault) {
    if (!relay.totals.storeFailed) relay.log.warn(`The Nostr relay cannot store events: ${describeFault(fault)}`)
    relay.totals.storeFailed = true
    return refused('error: could not store the event')
  }
}

function fanOut({ subscriptions, totals }: Relay, event: NostrEvent, body: string): void {
  const receivers = subscriptions.matching(event, (filter, { authenticated }) =>
    mayReceive(event, filter, authenticated),
  )
  for (const subscription of receivers) {
    totals.delivered += 1
    subscription.deliver(body)
  }
}
