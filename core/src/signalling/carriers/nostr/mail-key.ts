import { fromBase64url, fromHex, toBase64url, toHex, utf8 } from '../../../bytes/index.ts'
import { hkdf, importHkdfKey } from '../../../crypto/index.ts'
import { scalarOf, schnorrSign } from '../../../crypto/secp256k1/index.ts'
import { AuthenticationError, CodecError } from '../../../errors/index.ts'
import {
  conversationKeyOf,
  decrypt44,
  encrypt44,
  rumorOf,
  signerFromScalar,
  wrapKinds,
  type NostrEvent,
} from '../../../nostr/index.ts'
import type { Clock, Random } from '../../../runtime/index.ts'
import type { Topic } from '../../carrier.ts'
import { decodeCell, encodeCell, type Cell } from './cells.ts'

/** Others whose shared key is remembered: deriving one costs a millisecond. More than strangers may introduce while a stream is silent. */
const maxConversations = 1_024
const scalarBytes = 48

/** A key that mail is sent from or to. None is anybody's identity: each is made for one announcement, one stream or one topic. */
export class MailKey {
  /** x-coordinate, 32 bytes: an address. */
  readonly address: Uint8Array<ArrayBuffer>
  readonly name: string
  readonly #scalar: Uint8Array
  readonly #conversations = new Map<string, Uint8Array>()

  constructor(scalar: Uint8Array) {
    this.#scalar = scalar
    this.name = signerFromScalar(scalar).publicKey
    this.address = fromHex(this.name)
  }

  static fresh(random: Random): MailKey {
    return new MailKey(scalarOf(random.bytes(scalarBytes)))
  }

  /** The mailbox of a topic: everybody who knows the topic reads it, and nobody else knows what it is for. */
  static async ofTopic(topic: Topic): Promise<MailKey> {
    const info = utf8('p2pigeon/v1/nostr-topic')
    return new MailKey(
      scalarOf(await hkdf('SHA-256', await importHkdfKey(topic), new Uint8Array(0), info, scalarBytes)),
    )
  }

  /** True if the shared key with this one is remembered. */
  knows(peer: string): boolean {
    return this.#conversations.has(peer)
  }

  /** An ephemeral gift wrap (kind 21059) that only `recipient` can open. @throws {AuthenticationError} `bad-peer-key` */
  wrap(
    cell: Cell,
    recipient: string,
    { clock, random }: { readonly clock: Clock; readonly random: Random },
  ): NostrEvent {
    const rumor = rumorOf({
      pubkey: this.name,
      kind: wrapKinds.ephemeral,
      created_at: Math.floor(clock.now() / 1_000),
      tags: [['p', recipient]],
      content: encrypt44(toBase64url(encodeCell(cell)), this.#conversation(recipient), random),
    })
    return { ...rumor, sig: toHex(schnorrSign(this.#scalar, fromHex(rumor.id))) }
  }

  /** What a wrap to this key holds; undefined for anything that is not ours. */
  open(event: NostrEvent): Cell | undefined {
    try {
      const key = this.#conversations.get(event.pubkey) ?? conversationKeyOf(this.#scalar, event.pubkey)
      const cell = decodeCell(fromBase64url(decrypt44(event.content, key)))
      // Only who wrote something that we read is remembered, and whoever writes stays.
      this.#remember(event.pubkey, key)
      return cell
    } catch (error) {
      if (error instanceof CodecError || error instanceof AuthenticationError) return undefined
      throw error
    }
  }

  #conversation(peer: string): Uint8Array {
    const known = this.#conversations.get(peer)
    const key = known ?? conversationKeyOf(this.#scalar, peer)
    this.#remember(peer, key)
    return key
  }

  #remember(peer: string, key: Uint8Array): void {
    this.#conversations.delete(peer)
    this.#conversations.set(peer, key)
    for (const oldest of this.#conversations.keys()) {
      if (this.#conversations.size <= maxConversations) break
      this.#conversations.delete(oldest)
    }
  }
}
