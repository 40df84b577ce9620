import { AuthenticationError, CodecError, LimitError, UsageError } from '../../errors/index.ts'
import {
  decrypt04,
  encrypt04,
  isGenuine,
  isHex,
  maxLegacyBytes,
  signEvent,
  tagValues,
  type NostrEvent,
  type NostrSigner,
} from '../../nostr/index.ts'
import { utf8 } from '../../bytes/index.ts'
import type { Clock, Random } from '../../runtime/index.ts'
import type { AuthorKey } from '../view.ts'
import { maxLeadSeconds } from './limits.ts'

/** An encrypted direct message of NIP-04. */
export const letterKind = 4

/** What somebody wrote. That it is whole is shown by the signature of the event alone: the encryption has no check of its own. */
export interface Letter {
  /** That of the event. */
  readonly id: string
  readonly content: string
  /** By the author's clock. */
  readonly sentAtSeconds: number
}

/** The key that we share with somebody. @throws {UsageError} `legacy-unable`; {AuthenticationError} `bad-peer-key` */
export async function sharedKey(signer: NostrSigner, peer: AuthorKey): Promise<CryptoKey> {
  if (!isHex(peer, 64)) throw new AuthenticationError('bad-peer-key', 'this is no public key')
  const key = await signer.legacyKey?.(peer)
  if (key === undefined) throw new UsageError('legacy-unable', 'this device does not speak NIP-04')
  return key
}

/**
 * A letter as everybody may see it: signed by our long-term key, addressed to theirs, dated now, as long as its text.
 * @throws {UsageError} `empty-message`; {LimitError} `message-size` above 16,384 bytes.
 */
export async function writeLetter(
  content: string,
  peer: AuthorKey,
  key: CryptoKey,
  { signer, clock, random }: { readonly signer: NostrSigner; readonly clock: Clock; readonly random: Random },
): Promise<NostrEvent> {
  if (content.trim() === '') throw new UsageError('empty-message', 'a message needs content')
  if (utf8(content).length > maxLegacyBytes) throw new LimitError('message-size', 'the message is too long')
  const created_at = Math.floor(clock.now() / 1_000)
  const encrypted = await encrypt04(content, key, random)
  return signEvent({ kind: letterKind, created_at, tags: [['p', peer]], content: encrypted }, signer)
}

/**
 * Reads a letter of this person to us.
 * @throws {CodecError} `bad-letter`: another kind, author or addressee, forged, dated too far ahead, or empty;
 * {AuthenticationError} `nip04-refused`: too long, or it cannot be decrypted.
 */
export async function readLetter(
  event: NostrEvent,
  peer: AuthorKey,
  self: AuthorKey,
  key: CryptoKey,
  nowSeconds: number,
): Promise<Letter> {
  const { id, kind, pubkey, created_at } = event
  const addressees = tagValues(event, 'p')
  if (kind !== letterKind || pubkey !== peer || addressees.length !== 1 || addressees[0] !== self) throw badLetter()
  if (created_at > nowSeconds + maxLeadSeconds || !isGenuine(event)) throw badLetter()
  const content = await decrypt04(event.content, key)
  if (content.trim() === '') throw badLetter()
  return { id, content, sentAtSeconds: created_at }
}

function badLetter(): CodecError {
  return new CodecError('bad-letter', 'this is no letter of that person to us')
}
