import { toHex, utf8 } from '../bytes/index.ts'
import { sha256 } from '@noble/hashes/sha2.js'
import { visibleText } from '../codec/index.ts'
import { CodecError } from '../errors/index.ts'
import { isHex, rumorOf, tagValue, tagValues, type Rumor } from '../nostr/index.ts'
import { readFileNote, tagsOfFileNote, type FileNote } from './files/index.ts'
import { maxEmojiBytes, maxMembers, maxTextBytes, maxTitleLength } from './limits.ts'
import type { AuthorKey, ConversationId } from './view.ts'

/**
 * Kinds of rumors. 14, 15 and 7 are those of NIP-17 and NIP-25, 5 is the deletion of NIP-09; the others are ours and mean nothing to clients that do not
 * know them. None is ever published: they travel inside gift wraps or over a line between two devices.
 */
export const kinds = {
  text: 14,
  file: 15,
  reaction: 7,
  removal: 5,
  edit: 3_014,
  settings: 3_015,
  receipt: 3_016,
} as const

/** What somebody does in a conversation. */
export type Act =
  | { readonly kind: 'text'; readonly content: string; readonly replyTo: string | undefined }
  | { readonly kind: 'file'; readonly file: FileNote; readonly replyTo: string | undefined }
  /** An empty emoji takes the reaction back. */
  | { readonly kind: 'reaction'; readonly target: string; readonly emoji: string }
  | { readonly kind: 'edit'; readonly target: string; readonly content: string }
  | { readonly kind: 'removal'; readonly target: string }
  /** From now on messages live so long; 0: for ever. */
  | { readonly kind: 'settings'; readonly lifetimeSeconds: number }
  /** These were read, or have come. */
  | { readonly kind: 'receipt'; readonly targets: readonly string[] }

/** An act with everything around it. Its id is the rumor's, whichever road it takes. */
export interface Deed {
  readonly id: string
  readonly from: AuthorKey
  /** Everybody in the conversation, the author included, sorted. */
  readonly members: readonly AuthorKey[]
  readonly title: string | undefined
  readonly sentAtSeconds: number
  /** Lamport clock; undefined from clients that have none. */
  readonly clock: number | undefined
  readonly expiresAtSeconds: number | undefined
  readonly act: Act
}

export type NewDeed = Omit<Deed, 'id'>

/** What a conversation is called among devices: the hash of who is in it (NIP-17: the set of its keys defines a room). */
export function conversationOf(members: readonly AuthorKey[]): ConversationId {
  const sorted = [...new Set(members)].sort()
  return toHex(sha256(utf8(`p2pigeon/v1/conversation${sorted.join('')}`))) as ConversationId
}

export function rumorOfDeed(deed: NewDeed): Rumor {
  const { act } = deed
  const tags: string[][] = deed.members.filter((key) => key !== deed.from).map((key) => ['p', key])
  if (deed.title !== undefined) tags.push(['subject', deed.title])
  if (deed.clock !== undefined) tags.push(['clock', String(deed.clock)])
  if (deed.expiresAtSeconds !== undefined) tags.push(['expiration', String(deed.expiresAtSeconds)])
  if (isMessage(act) && act.replyTo !== undefined) tags.push(['e', act.replyTo, '', 'reply'])
  if (act.kind === 'file') tags.push(...tagsOfFileNote(act.file))
  if (act.kind === 'reaction' || act.kind === 'edit' || act.kind === 'removal') tags.push(['e', act.target])
  if (act.kind === 'receipt') for (const target of act.targets) tags.push(['e', target])
  return rumorOf({
    pubkey: deed.from,
    created_at: deed.sentAtSeconds,
    kind: kinds[act.kind],
    tags,
    content: contentOf(act),
  })
}

/** @throws {CodecError} `bad-message` for a rumor that is none of ours or breaks a bound. */
export function readDeed(rumor: Rumor): Deed {
  const others = tagValues(rumor, 'p')
  if (others.length === 0 || others.length > maxMembers || !others.every((key) => isHex(key, 64))) throw bad()
  const title = visibleText(tagValue(rumor, 'subject') ?? '', maxTitleLength)
  return {
    id: rumor.id,
    from: rumor.pubkey,
    members: [...new Set([rumor.pubkey, ...others])].sort(),
    title: title === '' ? undefined : title,
    sentAtSeconds: rumor.created_at,
    clock: readCount(tagValue(rumor, 'clock')),
    expiresAtSeconds: readCount(tagValue(rumor, 'expiration')),
    act: readAct(rumor),
  }
}

/** True for what stands in a conversation by itself; everything else is about that. */
export function isMessage(act: Act): act is Extract<Act, { readonly kind: 'text' | 'file' }> {
  return act.kind === 'text' || act.kind === 'file'
}

/** What a message says in words: of a file, its name. */
export function wordsOfMessage(act: Extract<Act, { readonly kind: 'text' | 'file' }>): string {
  return act.kind === 'text' ? act.content : act.file.name
}

function readAct(rumor: Rumor): Act {
  const targets = tagValues(rumor, 'e')
  if (!targets.every((target) => isHex(target, 64))) throw bad()
  const target = targets[0]
  switch (rumor.kind) {
    case kinds.text:
      return { kind: 'text', content: readText(rumor.content), replyTo: target }
    case kinds.file:
      return { kind: 'file', file: readFileNote(rumor), replyTo: target }
    case kinds.reaction: {
      if (target === undefined || utf8(rumor.content).length > maxEmojiBytes) throw bad()
      return { kind: 'reaction', target, emoji: rumor.content === '+' ? '👍' : visibleText(rumor.content, 16) }
    }
    case kinds.edit:
      if (target === undefined) throw bad()
      return { kind: 'edit', target, content: readText(rumor.content) }
    case kinds.removal:
      if (target === undefined) throw bad()
      return { kind: 'removal', target }
    case kinds.settings:
      return { kind: 'settings', lifetimeSeconds: readCount(rumor.content) ?? 0 }
    case kinds.receipt:
      if (target === undefined) throw bad()
      return { kind: 'receipt', targets }
    default:
      throw bad()
  }
}

function contentOf(act: Act): string {
  switch (act.kind) {
    case 'text':
    case 'edit':
      return act.content
    case 'file':
      return act.file.url
    case 'reaction':
      return act.emoji
    case 'settings':
      return String(act.lifetimeSeconds)
    case 'removal':
    case 'receipt':
      return ''
  }
}

function readText(content: string): string {
  if (content.trim() === '' || utf8(content).length > maxTextBytes) throw bad()
  return content
}

function readCount(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined
  return Number(text)
}

function bad(): CodecError {
  return new CodecError('bad-message', 'this is no message that we know')
}
