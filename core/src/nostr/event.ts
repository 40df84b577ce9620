import { sha256 } from '@noble/hashes/sha2.js'
import { fromHex, toHex, utf8 } from '../bytes/index.ts'
import { schnorrVerify } from '../crypto/secp256k1/index.ts'
import { CodecError } from '../errors/index.ts'
import type { NostrSigner } from './signer.ts'

/** An event as relays pass it on (NIP-01). Ids, keys and signatures are lower-case hexadecimal; times are in seconds. */
export interface NostrEvent {
  readonly id: string
  readonly pubkey: string
  readonly created_at: number
  readonly kind: number
  readonly tags: readonly (readonly string[])[]
  readonly content: string
  readonly sig: string
}

export type UnsignedEvent = Omit<NostrEvent, 'id' | 'sig'>

/** An event with an id and without a signature (NIP-59): whoever shows it can deny it. */
export type Rumor = Omit<NostrEvent, 'sig'>

/** Largest event that is looked at, in characters of its content and of all its tags. */
export const maxEventCharacters = 131_072
const maxTags = 2_048
const maxTagItems = 64
const maxKind = 65_535

/** The id that an event must have: SHA-256 of its canonical form (NIP-01). */
export function eventId({ pubkey, created_at, kind, tags, content }: UnsignedEvent): string {
  return toHex(sha256(utf8(JSON.stringify([0, pubkey, created_at, kind, tags, content]))))
}

export function rumorOf(event: UnsignedEvent): Rumor {
  const { pubkey, created_at, kind, tags, content } = event
  return { id: eventId(event), pubkey, created_at, kind, tags, content }
}

/** Signs what the signer's owner says: `pubkey` is replaced by the signer's. */
export async function signEvent(event: Omit<UnsignedEvent, 'pubkey'>, signer: NostrSigner): Promise<NostrEvent> {
  const rumor = rumorOf({ ...event, pubkey: signer.publicKey })
  return { ...rumor, sig: toHex(await signer.sign(fromHex(rumor.id))) }
}

/**
 * Takes an event from what somebody sent: form and bounds only, see `isGenuine`. Fields that are not part of an event are left behind.
 * @throws {CodecError} `bad-event`
 */
export function readEvent(value: unknown): NostrEvent {
  const rumor = readRumor(value)
  const sig = fieldOf(value, 'sig')
  if (!isHex(sig, 128)) throw badEvent()
  return { ...rumor, sig }
}

/** The same for what comes without a signature inside a seal. @throws {CodecError} `bad-event` */
export function readRumor(value: unknown): Rumor {
  const id = fieldOf(value, 'id')
  const pubkey = fieldOf(value, 'pubkey')
  const createdAt = fieldOf(value, 'created_at')
  const kind = fieldOf(value, 'kind')
  const content = fieldOf(value, 'content')
  if (!isHex(id, 64) || !isHex(pubkey, 64) || typeof content !== 'string') throw badEvent()
  if (!isCount(createdAt, Number.MAX_SAFE_INTEGER) || !isCount(kind, maxKind)) throw badEvent()
  const tags = readTags(fieldOf(value, 'tags'), maxEventCharacters - content.length)
  return { id, pubkey, created_at: createdAt, kind, tags, content }
}

/**
 * True if the id is that of the content and the signature is the author's. Computed anew each time: an id that was verified once proves
 * nothing for another body that claims it.
 */
export function isGenuine(event: NostrEvent): boolean {
  return event.id === eventId(event) && schnorrVerify(fromHex(event.pubkey), fromHex(event.sig), fromHex(event.id))
}

/** The first value of the first tag of this name. */
export function tagValue({ tags }: Pick<NostrEvent, 'tags'>, name: string): string | undefined {
  return tags.find(([first]) => first === name)?.[1]
}

/** The first values of all tags of this name. */
export function tagValues({ tags }: Pick<NostrEvent, 'tags'>, name: string): readonly string[] {
  return tags.flatMap(([first, value]) => (first === name && value !== undefined ? [value] : []))
}

/** True if somebody wrote it or is named in one of its `p` tags: what NIP-17 asks of a message that is shown to them. */
export function isAddressedTo(event: Pick<NostrEvent, 'pubkey' | 'tags'>, publicKey: string): boolean {
  return event.pubkey === publicKey || tagValues(event, 'p').includes(publicKey)
}

/** True for lower-case hexadecimal of exactly this many characters. */
export function isHex(value: unknown, characters: number): value is string {
  return typeof value === 'string' && value.length === characters && /^[0-9a-f]*$/.test(value)
}

function readTags(value: unknown, characters: number): NostrEvent['tags'] {
  if (!Array.isArray(value) || value.length > maxTags) throw badEvent()
  let left = characters
  return value.map((tag: unknown) => {
    if (!Array.isArray(tag) || tag.length === 0 || tag.length > maxTagItems) throw badEvent()
    return tag.map((item: unknown) => {
      if (typeof item !== 'string') throw badEvent()
      left -= item.length
      if (left < 0) throw badEvent()
      return item
    })
  })
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}

function isCount(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max
}

function badEvent(): CodecError {
  return new CodecError('bad-event', 'this is not a Nostr event')
}
