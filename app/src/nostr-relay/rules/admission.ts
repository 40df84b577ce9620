import { tagValue, type NostrEvent } from '@p2pigeon/core/nostr'
import { authKind, classOf, expirationOf, isWrap, recipientOf } from './kinds.ts'
import type { NostrRelayLimits } from '../limits.ts'
import type { RelayPolicy } from './policy.ts'
import { isTagValue, readJson } from '../wire/index.ts'

export interface AdmissionRules {
  readonly limits: NostrRelayLimits
  readonly policy: RelayPolicy
}

/** Reposts (NIP-18). */
const repostKinds = [6, 16]

/**
 * Why an event is refused before its signature is looked at; undefined when it is not. `authenticated` are the keys that
 * the client that sent it has proved.
 */
export function refusalOf(
  event: NostrEvent,
  { limits, policy }: AdmissionRules,
  authenticated: ReadonlySet<string>,
  nowSeconds: number,
): string | undefined {
  if (event.kind === authKind) return 'invalid: this kind is for AUTH only'
  const unwelcome = policy.refusal(event)
  if (unwelcome !== undefined) return unwelcome
  if (event.tags.length > limits.maxTagsPerEvent) return 'invalid: too many tags'
  return (
    misdated(event, limits, nowSeconds) ??
    malformed(event) ??
    // NIP-70: only its author brings such an event.
    (isProtected(event) && !authenticated.has(event.pubkey)
      ? 'auth-required: this event may only be published by its author'
      : undefined)
  )
}

function misdated(event: NostrEvent, limits: NostrRelayLimits, nowSeconds: number): string | undefined {
  const age = nowSeconds - event.created_at
  const kindClass = classOf(event.kind)
  if (age < -limits.maxFutureSeconds) return 'invalid: created_at is too far in the future'
  const oldest = { regular: limits.maxPastSeconds, ephemeral: limits.maxEphemeralPastSeconds }
  if ((kindClass === 'regular' || kindClass === 'ephemeral') && age > oldest[kindClass])
    return 'invalid: created_at is too far in the past'
  const expiration = expirationOf(event)
  if (Number.isNaN(expiration)) return 'invalid: expiration is no time'
  // NIP-40: of no meaning for what is not stored.
  if (expiration !== undefined && expiration <= nowSeconds && kindClass !== 'ephemeral')
    return 'invalid: it has expired'
  return undefined
}

function malformed(event: NostrEvent): string | undefined {
  if (isWrap(event.kind) && recipientOf(event) === undefined) return 'invalid: a gift wrap has one recipient'
  if (classOf(event.kind) === 'addressable' && !isTagValue(tagValue(event, 'd') ?? '')) return 'invalid: bad d tag'
  if (repostKinds.includes(event.kind) && embedsProtected(event)) return 'blocked: the reposted event is protected'
  return undefined
}

function isProtected({ tags }: Pick<NostrEvent, 'tags'>): boolean {
  return tags.some(([name]) => name === '-')
}

function embedsProtected({ content }: NostrEvent): boolean {
  try {
    const embedded = readJson(content, 8) as { readonly tags?: unknown } | null
    return Array.isArray(embedded?.tags) && embedded.tags.some((tag: unknown) => Array.isArray(tag) && tag[0] === '-')
  } catch {
    return false
  }
}
