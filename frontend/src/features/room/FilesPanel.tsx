import { useEffect, type ReactNode } from 'react'
import type { FileRight } from '@p2pigeon/core'
import type { DataRoomView } from '@p2pigeon/core/files'
import { keepsNoFiles, useSession, type RoomFiles } from '../../session/index.ts'
import { Store, useLoaded, useReadable, type Readable } from '../../state/index.ts'
import { Button, Spinner } from '../../ui/index.ts'
import { faultText, text } from '../../text/index.ts'
import { roomText } from '../../text/room/index.ts'
import type { LoadFiles } from './files-feature.ts'

const words = roomText.files

export interface FilesPanelProps {
  readonly load: LoadFiles
  readonly dropped: readonly FileSystemEntry[]
  readonly taken: () => void
}

/** The files of the room, which are opened when they are first looked at, and stay open until it is left. */
export function FilesPanel({ load, dropped, taken }: FilesPanelProps) {
  const { files } = useSession()
  const state = useReadable(files.state)
  const view = useLoaded(load)
  useEffect(() => files.open(), [files])
  if (state.kind === 'failed') {
    const { title, body } = faultText(state.code)
    return (
      <Failed title={title} body={body}>
        <Button className="mt-4" onClick={() => files.open()}>
          {text.common.tryAgain}
        </Button>
      </Failed>
    )
  }
  if (view.kind === 'failed') {
    return (
      <Failed title={words.failed} body={words.failedBody}>
        <Button className="mt-4" onClick={view.again}>
          {text.common.tryAgain}
        </Button>
      </Failed>
    )
  }
  if (state.kind !== 'open' || view.kind !== 'loaded') {
    return (
      <p className="flex flex-1 items-center justify-center gap-3 p-6 text-soft">
        <Spinner /> {words.loading}
      </p>
    )
  }
  const { FilesView } = view.value
  return <FilesView files={state.files} now={Date.now} dropped={dropped} taken={taken} />
}

function Failed({
  title,
  body,
  children,
}: {
  readonly title: string
  readonly body: string
  readonly children: ReactNode
}) {
  return (
    <div role="alert" className="flex flex-1 flex-col items-center justify-center p-6 text-center">
      <p className="font-semibold">{title}</p>
      <p className="mt-1 max-w-80 text-[0.875rem] text-soft">{body}</p>
      {children}
    </div>
  )
}

const noTransfers = new Store<ReturnType<RoomFiles['transfers']['get']>>([])

/** How many files are on their way, also while nobody looks at them. */
export function useFilesOnWay(): number {
  const state = useReadable(useSession().files.state)
  const transfers = useReadable(state.kind === 'open' ? state.files.transfers : noTransfers)
  return transfers.filter(({ state: { kind } }) => kind === 'running' || kind === 'waiting').length
}

const noView = new Store<Pick<DataRoomView, 'node'> | undefined>(undefined)

/** Why this person can put no files into the room, in words; undefined where they can. */
export function useFilesOff(right: FileRight): string | undefined {
  const state = useReadable(useSession().files.state)
  const shown: Readable<Pick<DataRoomView, 'node'> | undefined> = state.kind === 'open' ? state.files.view : noView
  const node = useReadable(shown)?.node
  if (right === 'reader') return words.off.reader
  return node !== undefined && keepsNoFiles(node) ? words.off.noStore : undefined
}
