import type { ParcelState, ParcelView } from '@p2pigeon/core/chat'
import { filesText as words } from '../../../text/conversations/index.ts'
import { faultText, type FaultText } from '../../../text/index.ts'

export type FileKind = 'picture' | 'film' | 'sound' | 'text' | 'archive' | 'other'

const archives = /zip|tar|compressed|7z|rar|archive|bzip|xz/
const texts = /^text\/|pdf|document|msword|sheet|excel|presentation|powerpoint|rtf|json|xml/

/** What a file is said to be, for its icon only. */
export function fileKind(type: string): FileKind {
  if (type.startsWith('image/')) return 'picture'
  if (type.startsWith('video/')) return 'film'
  if (type.startsWith('audio/')) return 'sound'
  if (archives.test(type)) return 'archive'
  return texts.test(type) ? 'text' : 'other'
}

/** A name in two parts: the ending says what a file does when it is opened, and is never cut off. */
export function partsOfName(name: string): { readonly stem: string; readonly ending: string } {
  const dot = name.lastIndexOf('.')
  if (dot <= 0 || name.length - dot > 12) return { stem: name, ending: '' }
  return { stem: name.slice(0, dot), ending: name.slice(dot) }
}

export function fileSize(bytes: number | undefined): string {
  return bytes === undefined ? words.unknownSize : words.size(bytes)
}

/** Words for a fault of a file. */
export function fileFault(code: string): FaultText {
  return words.fault(code) ?? faultText(code)
}

/** A part of a whole, 0 to 1, in percent. */
export function percent(part: number): number {
  return Math.round(Math.min(1, Math.max(0, part)) * 100)
}

/** How a file of ours stands, in words. `parcels` are all of its conversation: behind another one it waits for that. */
export function parcelWords(state: ParcelState, parcels: readonly ParcelView[], hasStore: boolean): string {
  switch (state.kind) {
    case 'sending':
      return words.sending(percent(state.part))
    case 'failed':
      return fileFault(state.code).title
    case 'waiting':
      if (!hasStore) return words.off
      return parcels.some((each) => each.state.kind === 'sending') ? words.inTurn : words.waiting
  }
}
