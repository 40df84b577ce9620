import type { MessageFile } from '@p2pigeon/core'
import type { DataRoomView, EntryView } from '@p2pigeon/core/files'

/** What is known of a file that a message speaks of. */
export type CardState =
  | { readonly kind: 'there'; readonly entry: EntryView }
  /** Also for good. */
  | { readonly kind: 'deleted' }
  /** Its author's files have not been read so far, or the message speaks of something that never was. */
  | { readonly kind: 'unknown' }

export function cardState(view: Pick<DataRoomView, 'entry' | 'known'>, { id }: Pick<MessageFile, 'id'>): CardState {
  const entry = view.entry(id)
  if (entry?.kind === 'file') return { kind: 'there', entry }
  return view.known(id)?.kind === 'file' ? { kind: 'deleted' } : { kind: 'unknown' }
}
