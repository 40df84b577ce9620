import { isGenuine, tagValue, type NostrEvent } from '@p2pigeon/core/nostr'
import { authKind } from './kinds.ts'

export interface AuthTerms {
  readonly challenge: string
  /** Names under which clients know this relay, as in a URL: `relay.example`. */
  readonly hostNames: readonly string[]
  readonly nowSeconds: number
  readonly maxSkewSeconds: number
}

/**
 * Why an answer to a challenge proves nothing (NIP-42); undefined when it proves its author's key. The relay's name is
 * part of it, so that no relay can pass our challenge on and use the answer here.
 */
export function authRefusal(event: NostrEvent, terms: AuthTerms): string | undefined {
  if (event.kind !== authKind) return 'invalid: AUTH takes kind 22242'
  if (Math.abs(terms.nowSeconds - event.created_at) > terms.maxSkewSeconds) return 'invalid: created_at is not now'
  if (tagValue(event, 'challenge') !== terms.challenge) return 'invalid: that is not the challenge'
  const relay = hostNameOf(tagValue(event, 'relay') ?? '')
  if (relay === undefined || !terms.hostNames.includes(relay)) return 'invalid: that is another relay'
  return isGenuine(event) ? undefined : 'invalid: bad id or signature'
}

/** Of a WebSocket URL; undefined when it is none. */
function hostNameOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname } = new URL(url)
  return protocol === 'ws:' || protocol === 'wss:' ? hostname : undefined
}

/** The name in a `Host` header, in the form that URLs have it. */
export function hostNameOfHeader(host: string | undefined): string | undefined {
  return host === undefined ? undefined : hostNameOf(`ws://${host}`)
}
