import { useEffect, useState } from 'react'
import { Play, RotateCw, X } from 'lucide-react'
import type { AttachmentView } from '../../../session/index.ts'
import { FileNameLine, FileRow, Progress } from '../../../ui/files/index.ts'
import { IconButton } from '../../../ui/index.ts'
import { bytesText } from '../../../text/index.ts'
import { fileFault, filesText, stateText } from '../../../text/files/index.ts'
import { detailsOf } from './prepare-upload.ts'

const words = filesText.attached

export interface AttachmentTrayProps {
  /** Those that go with the next message, and those of messages that go out once they are there. */
  readonly attached: readonly AttachmentView[]
  /** Whether the room is one in which pictures must not tell where they were taken. */
  readonly hidesDetails: boolean
  readonly cancel: (key: number) => void
  /** Goes on with what has failed, or was paused among the transfers. */
  readonly retry: (key: number) => void
}

/** Files that go with messages, in the composer. */
export function AttachmentTray({ attached, hidesDetails, cancel, retry }: AttachmentTrayProps) {
  return (
    <>
      <ul
        aria-label={words.tray}
        className="appear mb-1.5 max-h-[min(13rem,34dvh)] divide-y divide-line overflow-y-auto overscroll-contain rounded-control bg-sunken"
      >
        {attached.map(({ key, file, name, mediaType, sizeBytes, doneBytes, state }) => (
          <FileRow
            key={key}
            type={mediaType}
            name={<FileNameLine name={name} className="text-[0.875rem] font-medium" />}
            isFault={state.kind === 'failed'}
            said={saidOf(state, sizeBytes)}
            below={
              <>
                {hidesDetails && <Details file={file} />}
                {state.kind === 'running' && (
                  <Progress label={words.sending(name)} part={sizeBytes === 0 ? 1 : doneBytes / sizeBytes} />
                )}
              </>
            }
          >
            {state.kind === 'failed' && (
              <IconButton size="small" hint label={words.retry(name)} onClick={() => retry(key)}>
                <RotateCw size={16} aria-hidden />
              </IconButton>
            )}
            {state.kind === 'paused' && (
              <IconButton size="small" hint label={words.resume(name)} onClick={() => retry(key)}>
                <Play size={16} aria-hidden />
              </IconButton>
            )}
            <IconButton
              size="small"
              hint
              label={state.kind === 'staged' ? words.unstage(name) : words.cancel(name)}
              onClick={() => cancel(key)}
            >
              <X size={17} aria-hidden />
            </IconButton>
          </FileRow>
        ))}
      </ul>
      <p className="mb-2 text-[0.75rem] text-faint">{words.stays}</p>
    </>
  )
}

/** What becomes of what the file tells besides what it shows: nothing is promised before its bytes were looked at. */
function Details({ file }: { readonly file: File }) {
  const [details, setDetails] = useState<Awaited<ReturnType<typeof detailsOf>>>('unknown')
  useEffect(() => {
    let wanted = true
    void detailsOf(file).then((found) => wanted && setDetails(found))
    return () => {
      wanted = false
    }
  }, [file])
  if (details === 'none' || details === 'unknown') return null
  return <p className="text-faint">{details === 'cleanable' ? words.cleaned : words.unread}</p>
}

function saidOf(state: AttachmentView['state'], sizeBytes: number): string {
  const size = bytesText(sizeBytes)
  switch (state.kind) {
    case 'staged':
      return `${size} · ${words.staged}`
    case 'preparing':
      return `${size} · ${words.preparing}`
    case 'done':
      return `${size} · ${words.ready}`
    case 'failed': {
      const { title, body } = fileFault(state.code)
      return `${title}. ${body}`
    }
    default:
      return `${size} · ${stateText(state)}`
  }
}
