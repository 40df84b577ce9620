import { RotateCw, X } from 'lucide-react'
import type { ParcelView } from '@p2pigeon/core/chat'
import type { ChatFiles } from '../../../session/index.ts'
import { FileRow, Progress } from '../../../ui/files/index.ts'
import { IconButton } from '../../../ui/index.ts'
import { filesText as words } from '../../../text/conversations/index.ts'
import { FileName } from './FileName.tsx'
import { fileFault, fileSize, parcelWords } from './file-words.ts'
import type { StagedFile, Staging } from './staging.ts'

const nameClass = 'text-[0.875rem] font-medium'

function faultLine(code: string): string {
  const { title, body } = fileFault(code)
  return `${title}. ${body}`
}

/** Files that are chosen, and those on their way. Nothing while there are none. */
export function FilesTray({
  files,
  staging,
  staged,
  parcels,
  complain,
}: {
  readonly files: ChatFiles
  readonly staging: Staging
  readonly staged: readonly StagedFile[]
  readonly parcels: readonly ParcelView[]
  readonly complain: (error: unknown) => void
}) {
  if (staged.length + parcels.length === 0) return null
  const hasStore = files.maxBytes !== undefined
  const isBusy = parcels.some(({ state }) => state.kind === 'sending')
  return (
    <ul
      aria-label={words.tray}
      className="appear mb-2 max-h-[min(13rem,34dvh)] divide-y divide-line overflow-y-auto overscroll-contain rounded-control bg-sunken"
    >
      {staged.map(({ id, file: { name, type, size }, code, tells }) => (
        <FileRow
          key={`staged-${id}`}
          type={type}
          name={<FileName name={name} className={nameClass} />}
          isFault={code !== undefined}
          said={code === undefined ? `${fileSize(size)} · ${words.staged}` : faultLine(code)}
          below={
            tells === 'yes' ? (
              <p className="text-soft">
                {words.tells}{' '}
                <button
                  type="button"
                  aria-label={words.clean(name || words.unnamed)}
                  onClick={() => void staging.clean(id)}
                  className="min-h-6 font-medium text-accent underline underline-offset-2"
                >
                  {words.cleanShort}
                </button>
              </p>
            ) : (
              tells === 'unread' && <p className="text-faint">{words.unread}</p>
            )
          }
        >
          <IconButton size="small" hint label={words.unstage(name || words.unnamed)} onClick={() => staging.remove(id)}>
            <X size={17} aria-hidden />
          </IconButton>
        </FileRow>
      ))}
      {parcels.map((parcel) => {
        const { id, name, type, bytes, state } = parcel
        const shown = name || words.unnamed
        const canRetry = hasStore && (state.kind === 'failed' || (state.kind === 'waiting' && !isBusy))
        return (
          <FileRow
            key={id}
            type={type}
            name={<FileName name={name} className={nameClass} />}
            isFault={state.kind === 'failed'}
            said={
              state.kind === 'failed'
                ? faultLine(state.code)
                : `${fileSize(bytes)} · ${parcelWords(state, parcels, hasStore)}`
            }
            below={state.kind === 'sending' && <Progress label={words.sendingName(shown)} part={state.part} />}
          >
            {canRetry && (
              <IconButton size="small" hint label={words.retry(shown)} onClick={() => files.retry(id)}>
                <RotateCw size={16} aria-hidden />
              </IconButton>
            )}
            <IconButton
              size="small"
              hint
              label={words.cancel(shown)}
              onClick={() => void files.cancel(id).catch(complain)}
            >
              <X size={17} aria-hidden />
            </IconButton>
          </FileRow>
        )
      })}
    </ul>
  )
}
