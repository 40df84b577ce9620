import { useRef, useState } from 'react'
import {
  ArrowDown,
  ArrowUp,
  Check,
  ChevronDown,
  ChevronUp,
  CircleAlert,
  FolderOpen,
  Pause,
  Play,
  RotateCw,
  X,
} from 'lucide-react'
import type { TransferView } from '@p2pigeon/core/files'
import type { RoomFiles } from '../../session/index.ts'
import { useReadable } from '../../state/index.ts'
import { Button, cx, IconButton } from '../../ui/index.ts'
import { bytesText } from '../../text/index.ts'
import { fileFault, filesText, stateText } from '../../text/files/index.ts'
import { takenFrom } from './taken.ts'

const words = filesText.tray

/** So many are built; a folder of thousands of files shows how many more there are. */
const maxShown = 50

export interface TransferTrayProps {
  readonly files: RoomFiles
  readonly chooseAgain: (transfer: string, file: File) => void
}

/** What is on its way, and how far it is. */
export function TransferTray({ files, chooseAgain }: TransferTrayProps) {
  const transfers = useReadable(files.transfers)
  const [isOpen, setOpen] = useState(true)
  if (transfers.length === 0) return null
  const running = transfers.filter(({ state }) => state.kind !== 'done').length
  const done = transfers.reduce((sum, { doneBytes }) => sum + doneBytes, 0)
  const all = transfers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  // What needs somebody comes first, then what moves, then what is over.
  const shown = transfers.toSorted((one, other) => rankOf(one) - rankOf(other)).slice(0, maxShown)
  return (
    <section aria-label={words.label} className="flex max-h-[45%] shrink-0 flex-col border-t border-line bg-canvas">
      <div className="flex h-11 shrink-0 items-center gap-2 pr-1.5 pl-3 text-[0.8125rem]">
        <p className="min-w-0 flex-1 truncate font-semibold">
          {running > 0 ? words.title(running) : words.idle}
          <span className="ml-2 font-normal text-faint tabular-nums">{words.all(bytesText(done), bytesText(all))}</span>
        </p>
        {running < transfers.length && (
          <Button size="small" tone="quiet" className="h-8! px-2!" onClick={() => files.clearFinished()}>
            {words.clear}
          </Button>
        )}
        <IconButton
          size="small"
          label={isOpen ? words.hide : words.show}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? <ChevronDown size={17} aria-hidden /> : <ChevronUp size={17} aria-hidden />}
        </IconButton>
      </div>
      {isOpen && (
        <ul className="min-h-0 overflow-y-auto pb-1">
          {shown.map((transfer) => (
            <TransferItem key={transfer.id} transfer={transfer} files={files} chooseAgain={chooseAgain} />
          ))}
          {transfers.length > maxShown && (
            <li className="px-3 py-1.5 text-[0.8125rem] text-faint">{words.more(transfers.length - maxShown)}</li>
          )}
        </ul>
      )}
    </section>
  )
}

function rankOf({ state: { kind } }: TransferView): number {
  return ['needs-file', 'failed', 'running', 'paused', 'waiting', 'done'].indexOf(kind)
}

interface ItemProps extends TransferTrayProps {
  readonly transfer: TransferView
}

function TransferItem({ transfer, files, chooseAgain }: ItemProps) {
  const { id, name, direction, sizeBytes, doneBytes, state } = transfer
  const share = sizeBytes === 0 ? (state.kind === 'done' ? 1 : 0) : doneBytes / sizeBytes
  const isFault = state.kind === 'failed' || state.kind === 'needs-file'
  const Way = direction === 'up' ? ArrowUp : ArrowDown
  return (
    <li className="flex items-center gap-2.5 py-1 pr-1.5 pl-3" data-testid="transfer" data-state={state.kind}>
      {state.kind === 'done' ? (
        <Check size={16} aria-hidden className="shrink-0 text-good" />
      ) : isFault ? (
        <CircleAlert size={16} aria-hidden className="shrink-0 text-danger-ink" />
      ) : (
        <Way size={16} aria-hidden className="shrink-0 text-faint" />
      )}
      <div className="min-w-0 flex-1">
        <p className="truncate text-[0.8125rem]" title={name}>
          <span className="sr-only">{direction === 'up' ? words.up : words.down}: </span>
          {name}
        </p>
        {state.kind !== 'done' && (
          <progress
            aria-label={words.progress(name)}
            max={1}
            value={share}
            className={cx('block h-1 w-full appearance-none overflow-hidden rounded-full', isFault ? 'fault' : '')}
          />
        )}
        <p className={cx('text-[0.75rem] tabular-nums', isFault ? 'text-danger-ink' : 'truncate text-faint')}>
          {state.kind === 'done'
            ? bytesText(sizeBytes)
            : `${stateText(state)} · ${words.all(bytesText(doneBytes), bytesText(sizeBytes))}`}
        </p>
        {state.kind === 'failed' && <p className="text-[0.75rem] text-soft">{fileFault(state.code).body}</p>}
      </div>
      <TransferButtons transfer={transfer} files={files} choose={(file) => chooseAgain(id, file)} />
    </li>
  )
}

function TransferButtons({
  transfer,
  files,
  choose,
}: {
  readonly transfer: TransferView
  readonly files: RoomFiles
  readonly choose: (file: File) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  const { id, name, state } = transfer
  if (state.kind === 'done') return null
  return (
    <>
      {(state.kind === 'running' || state.kind === 'waiting') && (
        <IconButton size="small" hint label={words.pause(name)} onClick={() => files.pause(id)}>
          <Pause size={16} aria-hidden />
        </IconButton>
      )}
      {state.kind === 'paused' && (
        <IconButton size="small" hint label={words.resume(name)} onClick={() => files.resume(id)}>
          <Play size={16} aria-hidden />
        </IconButton>
      )}
      {state.kind === 'failed' && (
        <IconButton size="small" hint label={words.retry(name)} onClick={() => files.resume(id)}>
          <RotateCw size={16} aria-hidden />
        </IconButton>
      )}
      {state.kind === 'needs-file' && (
        <>
          <input
            ref={input}
            type="file"
            hidden
            data-testid="choose-again"
            aria-label={words.choose(name)}
            onChange={(event) => {
              const file = takenFrom(event.currentTarget)
              if (file) choose(file)
            }}
          />
          <IconButton size="small" hint label={words.choose(name)} onClick={() => input.current?.click()}>
            <FolderOpen size={16} aria-hidden />
          </IconButton>
        </>
      )}
      <IconButton size="small" hint label={words.cancel(name)} onClick={() => files.cancel(id)}>
        <X size={16} aria-hidden />
      </IconButton>
    </>
  )
}
