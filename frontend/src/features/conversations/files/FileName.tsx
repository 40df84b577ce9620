import { filesText as words } from '../../../text/conversations/index.ts'
import { cleanText } from '../message-text.ts'
import { partsOfName } from './file-words.ts'

/** A name in one line. What does not fit is left out before its ending. */
export function FileName({ name, className }: { readonly name: string; readonly className?: string }) {
  const { stem, ending } = partsOfName(cleanText(name) || words.unnamed)
  return (
    <bdi title={`${stem}${ending}`} className={`flex min-w-0 ${className ?? ''}`}>
      <span className="truncate whitespace-pre">{stem}</span>
      <span className="shrink-0 whitespace-pre">{ending}</span>
    </bdi>
  )
}
