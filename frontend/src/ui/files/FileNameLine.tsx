import { partsOfName } from './file-kind.ts'

/** A name in one line, as it is. What does not fit is left out before its ending. */
export function FileNameLine({ name, className }: { readonly name: string; readonly className?: string }) {
  const { stem, ending } = partsOfName(name)
  return (
    <bdi title={`${stem}${ending}`} className={`flex min-w-0 ${className ?? ''}`}>
      <span className="truncate whitespace-pre">{stem}</span>
      <span className="shrink-0 whitespace-pre">{ending}</span>
    </bdi>
  )
}
