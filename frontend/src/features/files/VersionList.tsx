import { Download, Trash2 } from 'lucide-react'
import type { VersionView } from '@p2pigeon/core/files'
import { Button, IconButton } from '../../ui/index.ts'
import { bytesText, timeAgo } from '../../text/index.ts'
import { filesText } from '../../text/files/index.ts'

const words = filesText.versions

/** So many are built; a file that was changed more often shows how many older ones there are. */
const maxShown = 200

export interface VersionListProps {
  /** The latest first. */
  readonly versions: readonly VersionView[]
  readonly mayWrite: boolean
  readonly whoOf: (by: string) => string
  readonly nowMs: number
  readonly save: (object: string) => void
  readonly restore: (object: string) => void
  readonly mayPurge: (version: VersionView) => boolean
  readonly purge: (object: string) => void
}

export function VersionList(props: VersionListProps) {
  const { versions, mayWrite, whoOf, nowMs, save, restore, mayPurge, purge } = props
  return (
    <ul className="mt-3 max-h-80 divide-y divide-line overflow-y-auto rounded-control inset-ring inset-ring-line">
      {versions.slice(0, maxShown).map((version, index) => {
        const { object, modifiedAtMs, sizeBytes, by, present } = version
        // Counted from the first one, so that a version keeps its number when others come.
        const number = versions.length - index
        return (
          <li key={object} className="flex items-center gap-2 py-2 pr-2 pl-3" data-testid="version">
            <div className="min-w-0 flex-1 text-[0.875rem]">
              <p className="truncate font-medium">
                {timeAgo(modifiedAtMs, nowMs)}
                {present && <span className="ml-2 font-normal text-accent">{words.present}</span>}
              </p>
              <p className="text-[0.8125rem] wrap-anywhere text-faint">
                {words.number(number)} · {bytesText(sizeBytes)} · {words.by(whoOf(by))}
              </p>
            </div>
            <IconButton size="small" hint label={words.download(number)} onClick={() => save(object)}>
              <Download size={17} aria-hidden />
            </IconButton>
            {mayWrite && !present && (
              <Button size="small" aria-label={words.restoreOne(number)} onClick={() => restore(object)}>
                {words.restore}
              </Button>
            )}
            {mayWrite && !present && mayPurge(version) && (
              <IconButton size="small" hint label={words.purge(number)} onClick={() => purge(object)}>
                <Trash2 size={17} aria-hidden className="text-danger-ink" />
              </IconButton>
            )}
          </li>
        )
      })}
      {versions.length > maxShown && (
        <li className="px-3 py-2 text-[0.8125rem] text-faint">{words.older(versions.length - maxShown)}</li>
      )}
    </ul>
  )
}
