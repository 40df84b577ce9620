import type { MessageFile } from '@p2pigeon/core'
import { useSession } from '../../../session/index.ts'
import { useLoaded, useReadable } from '../../../state/index.ts'
import { FileNameLine, FileRow } from '../../../ui/files/index.ts'
import { faultText } from '../../../text/index.ts'
import { roomText } from '../../../text/room/index.ts'
import type { LoadFiles } from '../files-feature.ts'
import type { Attachments, AttachmentsState } from './attachments.ts'

const words = roomText.files

/** The files of a message: as its sender speaks of them until the files of the room are open. */
export function Attached({ said, load }: { readonly said: readonly MessageFile[]; readonly load: LoadFiles }) {
  const state = useReadable(useSession().files.state)
  const feature = useLoaded(load)
  if (feature.kind === 'loaded' && state.kind === 'open') {
    const { FileCards } = feature.value
    return <FileCards files={state.files} said={said} />
  }
  const how =
    state.kind === 'failed' ? faultText(state.code).title : feature.kind === 'failed' ? words.failed : words.loading
  return (
    <ul aria-label={roomText.chat.attach.files} className="my-1 rounded-control bg-sunken">
      {said.map(({ id, name, mediaType }, index) => (
        <FileRow
          key={`${index} ${id}`}
          name={<FileNameLine name={name} className="text-[0.875rem] font-medium" />}
          type={mediaType}
          said={how}
          isFault={false}
        >
          {null}
        </FileRow>
      ))}
    </ul>
  )
}

/** Files that go with messages. */
export function Tray({
  attachments,
  hidesDetails,
  state,
  load,
}: {
  readonly attachments: Attachments
  readonly hidesDetails: boolean
  readonly state: AttachmentsState
  readonly load: LoadFiles
}) {
  const feature = useLoaded(load)
  if (feature.kind !== 'loaded') {
    return (
      <p role={feature.kind === 'failed' ? 'alert' : 'status'} className="mb-2 text-[0.8125rem] text-soft">
        {feature.kind === 'failed' ? words.failed : words.loading}
      </p>
    )
  }
  const { AttachmentTray } = feature.value
  return (
    <AttachmentTray
      attached={[...state.onWay, ...state.staged]}
      hidesDetails={hidesDetails}
      cancel={(key) => attachments.cancel(key)}
      retry={(key) => attachments.retry(key)}
    />
  )
}
