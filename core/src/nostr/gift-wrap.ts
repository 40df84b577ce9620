import { utf8 } from '../bytes/index.ts'
import { AuthenticationError, CodecError, LimitError } from '../errors/index.ts'
import type { Clock, Random } from '../runtime/index.ts'
import { eventId, isGenuine, readEvent, readRumor, signEvent, tagValues, type NostrEvent, type Rumor } from './event.ts'
import { decrypt44, encrypt44 } from './nip44.ts'
import { freshSigner, type NostrSigner } from './signer.ts'

export const sealKind = 13
/** A wrap that relays keep, and one that they only pass on. */
export const wrapKinds = { kept: 1059, ephemeral: 21_059 } as const

/** Seals and wraps are dated back by up to so long, each by itself, so that their times tell nothing (NIP-59). */
export const backdatingSeconds = 2 * 86_400
/** Longest rumor, as JSON in UTF-8 bytes: the next length that NIP-44 pads to makes a seal that no longer fits into a wrap. */
export const maxRumorBytes = 40_960
/** How much later than our clock something may claim to be: clocks differ. */
const maxLeadSeconds = 600

export interface WrapPorts {
  readonly clock: Clock
  readonly random: Random
}

/** A rumor that came out of a wrap, and whose it is. */
export interface Unwrapped {
  readonly rumor: Rumor
  /** Who has signed the seal, and so wrote the rumor. */
  readonly from: string
}

/**
 * Seals a rumor by its author's hand and wraps it for one recipient under a key of its own (NIP-59).
 * @throws {LimitError} `plaintext-size` for a rumor that does not fit; {AuthenticationError} `bad-peer-key`.
 */
export async function sealAndWrap(
  rumor: Rumor,
  author: NostrSigner,
  recipient: string,
  { clock, random }: WrapPorts,
  wrapKind: 1059 | 21_059 = wrapKinds.kept,
): Promise<NostrEvent> {
  const nowSeconds = Math.floor(clock.now() / 1_000)
  const past = (): number => nowSeconds - uniform(random, backdatingSeconds)
  const text = JSON.stringify(rumor)
  if (utf8(text).length > maxRumorBytes)
    throw new LimitError('plaintext-size', `a rumor has up to ${maxRumorBytes} bytes`)
  const sealed = encrypt44(text, await author.conversationKey(recipient), random)
  const seal = await signEvent({ kind: sealKind, created_at: past(), tags: [], content: sealed }, author)
  const once = freshSigner(random)
  const wrapped = encrypt44(JSON.stringify(seal), await once.conversationKey(recipient), random)
  // A relay passes an ephemeral event on only if it is of now.
  const createdAt = wrapKind === wrapKinds.ephemeral ? nowSeconds : past()
  return signEvent({ kind: wrapKind, created_at: createdAt, tags: [['p', recipient]], content: wrapped }, once)
}

/**
 * Opens a wrap that is meant for `reader` and checks everything that NIP-17 and NIP-59 ask for: kinds, both signatures, the rumor's id, that the
 * seal's signer wrote the rumor, and that nothing claims to be from the future. Whether the rumor itself names the reader is for whoever
 * knows its kind; see `isAddressedTo`.
 * @throws {AuthenticationError} `wrap-refused`, whatever does not hold.
 */
export async function unwrap(wrap: NostrEvent, reader: NostrSigner, nowMs: number): Promise<Unwrapped> {
  try {
    return await unwrapOrThrow(wrap, reader, nowMs)
  } catch (error) {
    if (error instanceof CodecError || error instanceof AuthenticationError) throw refused()
    throw error
  }
}

async function unwrapOrThrow(wrap: NostrEvent, reader: NostrSigner, nowMs: number): Promise<Unwrapped> {
  const isWrap = wrap.kind === wrapKinds.kept || wrap.kind === wrapKinds.ephemeral
  if (!isWrap || !tagValues(wrap, 'p').includes(reader.publicKey) || !isGenuine(wrap)) throw refused()
  const seal = readEvent(parse(decrypt44(wrap.content, await reader.conversationKey(wrap.pubkey))))
  if (seal.kind !== sealKind || seal.tags.length > 0 || !isGenuine(seal)) throw refused()
  const opened = parse(decrypt44(seal.content, await reader.conversationKey(seal.pubkey)))
  const rumor = readRumor(opened)
  const isSigned = Object.hasOwn(opened as object, 'sig')
  if (isSigned || rumor.pubkey !== seal.pubkey || rumor.id !== eventId(rumor)) throw refused()
  if (rumor.created_at > nowMs / 1_000 + maxLeadSeconds) throw refused()
  return { rumor, from: seal.pubkey }
}

/**
 * A whole number from 0 up to, not including, `below` (≤ 2^32). Finer than `fractionOf`: times that are all a multiple of some step away
 * from now would tell which wraps were made at once.
 */
function uniform(random: Random, below: number): number {
  const draw = random.bytes(4).reduce((value, byte) => value * 256 + byte, 0)
  return Math.floor((draw / 2 ** 32) * below)
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    // Too deep for some engines is an error of another kind; it is no better.
    throw refused()
  }
}

function refused(): AuthenticationError {
  return new AuthenticationError('wrap-refused', 'this wrap does not hold what it must')
}
