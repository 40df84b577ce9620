import { sha256 } from '@noble/hashes/sha2.js'
import { fromUtf8, toHex, utf8 } from '../../bytes/index.ts'
import type { NostrEvent } from '../../nostr/index.ts'
import type { Slots } from '../slots.ts'
import type { AuthorKey } from '../view.ts'
import type { TheirRelays } from './their-relays.ts'
import type { LegacyConversation, LegacyId } from './view.ts'

/** One message as it is kept. */
export interface KeptLetter {
  readonly id: string
  readonly own: boolean
  /** Empty once the user has taken it away: its id stays, so that no relay brings it back. */
  readonly content: string
  readonly sentAtSeconds: number
  readonly hidden?: true
  /** One of ours that no relay has taken, as it is published. */
  readonly unsent?: { readonly event: NostrEvent; readonly refused: boolean }
}

/** What is kept of a conversation besides its messages. */
export interface LegacyEntry {
  readonly id: LegacyId
  readonly peer: AuthorKey
  readonly startedAtSeconds: number
  /** Of the latest message that has come. */
  readonly heardAtSeconds: number
  /** What is as old as this is not taken any more: it was here, and gave way to later messages. */
  readonly floorSeconds: number
  readonly unread: number
  readonly last: LegacyConversation['last']
  readonly theirRelays: TheirRelays
}

const indexName = 'chat.old'

/** Old-client conversations as they are kept: apart from all others, in slots of their own. */
export class Shelf {
  readonly #slots: Slots

  constructor(slots: Slots) {
    this.#slots = slots
  }

  async index(): Promise<readonly LegacyEntry[]> {
    return (await this.#read<readonly LegacyEntry[]>(indexName)) ?? []
  }

  async writeIndex(entries: readonly LegacyEntry[]): Promise<void> {
    if (entries.length === 0) await this.#slots.remove(indexName)
    else await this.#slots.write(indexName, utf8(JSON.stringify(entries)))
  }

  async letters(id: LegacyId): Promise<readonly KeptLetter[]> {
    return (await this.#read<readonly KeptLetter[]>(slotOf(id))) ?? []
  }

  async writeLetters(id: LegacyId, letters: readonly KeptLetter[]): Promise<void> {
    await this.#slots.write(slotOf(id), utf8(JSON.stringify(letters)))
  }

  async removeLetters(id: LegacyId): Promise<void> {
    await this.#slots.remove(slotOf(id))
  }

  async #read<Value>(name: string): Promise<Value | undefined> {
    const bytes = await this.#slots.read(name)
    // Nobody but us has written it: the slots are sealed.
    return bytes && (JSON.parse(fromUtf8(bytes)) as Value)
  }
}

/** Names of slots may be seen by whoever has the disk, so they say nothing of who talks. */
function slotOf(id: LegacyId): string {
  return `chat.old.${toHex(sha256(utf8(id))).slice(0, 32)}`
}
