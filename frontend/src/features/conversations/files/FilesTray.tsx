import type { ReactNode } from 'react'
import { RotateCw, X } from 'lucide-react'
import type { ParcelView } from '@p2pigeon/core/chat'
import type { ChatFiles } from '../../../session/index.ts'
import { IconButton } from '../../../ui/index.ts'
import { filesText as words } from '../../../text/conversations/index.ts'
import { FileIcon } from './FileIcon.tsx'
import { FileName } from './FileName.tsx'
import { fileFault, fileSize, parcelWords } from './file-words.ts'
import { Progress } from './Progress.tsx'
import type { StagedFile, Staging } from './staging.ts'

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
      {staged.map(({ id, file: { name, type, size }, code }) => (
        <Row
          key={`staged-${id}`}
          {...{ name, type, bytes: size }}
          isFault={code !== undefined}
          said={code === undefined ? words.staged : fileFault(code).title}
          more={code === undefined ? undefined : fileFault(code).body}
        >
          <IconButton size="small" hint label={words.unstage(name || words.unnamed)} onClick={() => staging.remove(id)}>
            <X size={17} aria-hidden />
          </IconButton>
        </Row>
      ))}
      {parcels.map((parcel) => {
        const { id, name, type, bytes, state } = parcel
        const shown = name || words.unnamed
        const canRetry = hasStore && (state.kind === 'failed' || (state.kind === 'waiting' && !isBusy))
        return (
          <Row
            key={id}
            {...{ name, type, bytes }}
            isFault={state.kind === 'failed'}
            said={parcelWords(state, parcels, hasStore)}
            more={state.kind === 'failed' ? fileFault(state.code).body : undefined}
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
          </Row>
        )
      })}
    </ul>
  )
}

function Row({
  name,
  type,
  bytes,
  said,
  more,
  isFault,
  below,
  children,
}: {
  readonly name: string
  readonly type: string
  readonly bytes: number | undefined
  readonly said: string
  readonly more: string | undefined
  readonly isFault: boolean
  readonly below?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <li className="flex items-center gap-3 py-1.5 pr-1 pl-3">
      <FileIcon type={type} size={20} />
      <div className="min-w-0 flex-1 text-[0.8125rem]">
        <FileName name={name} className="text-[0.875rem] font-medium" />
        <p role={isFault ? 'alert' : undefined} className={isFault ? 'text-danger-ink' : 'text-faint'}>
          {!isFault && `${fileSize(bytes)} · `}
          {said}
          {more !== undefined && `. ${more}`}
        </p>
        {below}
      </div>
      {children}
    </li>
  )
}
