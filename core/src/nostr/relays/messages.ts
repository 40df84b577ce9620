import { CodecError } from '../../errors/index.ts'
import { isHex, readEvent, type NostrEvent } from '../event.ts'

/** What a subscription asks for (NIP-01); tag filters under `#p` and the like. */
export interface Filter {
  readonly ids?: readonly string[]
  readonly authors?: readonly string[]
  readonly kinds?: readonly number[]
  readonly since?: number
  readonly until?: number
  readonly limit?: number
  readonly [tag: `#${string}`]: readonly string[] | undefined
}

/** What a client says to a relay. */
export type ClientMessage =
  | readonly ['EVENT', NostrEvent]
  | readonly ['REQ', string, ...Filter[]]
  | readonly ['CLOSE', string]
  | readonly ['AUTH', NostrEvent]

/** What a relay says to a client. */
export type RelayMessage =
  | { readonly kind: 'event'; readonly subscription: string; readonly event: NostrEvent }
  | { readonly kind: 'stored'; readonly subscription: string }
  | { readonly kind: 'closed'; readonly subscription: string; readonly reason: string }
  | { readonly kind: 'ok'; readonly id: string; readonly accepted: boolean; readonly reason: string }
  | { readonly kind: 'auth'; readonly challenge: string }
  /** For people who run relays. */
  | { readonly kind: 'notice' }

/** Longest message that a relay may send, in characters. */
export const maxRelayMessageCharacters = 262_144
const maxReasonCharacters = 1_024
const maxNameCharacters = 256

/** Reads one message of a relay. @throws {CodecError} `bad-event`, `bad-relay-message`. */
export function readRelayMessage(text: string): RelayMessage {
  if (text.length > maxRelayMessageCharacters) throw bad()
  const [type, first, second, third] = readArray(text)
  switch (type) {
    case 'EVENT':
      return { kind: 'event', subscription: readName(first), event: readEvent(second) }
    case 'EOSE':
      return { kind: 'stored', subscription: readName(first) }
    case 'CLOSED':
      return { kind: 'closed', subscription: readName(first), reason: readReason(second) }
    case 'OK':
      if (!isHex(first, 64) || typeof second !== 'boolean') throw bad()
      return { kind: 'ok', id: first, accepted: second, reason: readReason(third) }
    case 'AUTH':
      return { kind: 'auth', challenge: readName(first) }
    case 'NOTICE':
      return { kind: 'notice' }
    default:
      throw bad()
  }
}

function readArray(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text)
    if (Array.isArray(value)) return value
  } catch {
    // Said below: whatever it is, it is no message.
  }
  throw bad()
}

function readName(value: unknown): string {
  if (typeof value !== 'string' || value.length > maxNameCharacters) throw bad()
  return value
}

function readReason(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, maxReasonCharacters) : ''
}

function bad(): CodecError {
  return new CodecError('bad-relay-message', 'this is no message of a relay')
}
