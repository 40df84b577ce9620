import type { ReactNode } from 'react'
import { Maximize2, Minimize2 } from 'lucide-react'
import type { Room, RoomView } from '@p2pigeon/core'
import type { LocalMediaSnapshot, RoadChoice } from '../../session/index.ts'
import { useLoaded, useReadable } from '../../state/index.ts'
import { IconButton } from '../../ui/index.ts'
import { text } from '../../text/index.ts'
import { roomText } from '../../text/room/index.ts'
import { every } from './call-hooks.ts'
import { ChatPanel, type Attachments } from './chat/index.ts'
import { useFilesOff } from './FilesPanel.tsx'
import type { LoadFiles } from './files-feature.ts'
import { Panel } from './Panel.tsx'
import { PeoplePanel } from './people/index.ts'
import type { RoomUiState, RoomViewModel } from './room-view-model.ts'
import { VerifyPanel, type Alarm } from './verification/index.ts'

const loadPrivacy = () => import('./privacy/index.ts')

export interface RoomPanelProps {
  readonly model: RoomViewModel
  readonly room: Room
  readonly view: RoomView
  readonly state: RoomUiState
  readonly local: LocalMediaSnapshot
  readonly alarms: readonly Alarm[]
  readonly road: RoadChoice
  readonly chooseRoad: (road: RoadChoice) => void
  readonly attachments: Attachments
  readonly loadFiles: LoadFiles
  readonly files: ReactNode
  readonly close: () => void
}

/** The panel that is open, if any. */
export function RoomPanel(props: RoomPanelProps) {
  const { model, room, view, state, local, alarms, road, chooseRoad, attachments, loadFiles, files, close } = props
  const pending = useReadable(model.deeds.pending)
  const shown = useReadable(model.identities.shown)
  const privacy = useLoaded(loadPrivacy)
  const filesOff = useFilesOff(view.self.fileRight)
  switch (state.panel) {
    case 'none':
      return null
    case 'chat':
      return (
        <Panel title={text.chat.title} close={close}>
          <ChatPanel
            messages={view.messages}
            fault={state.sendFault}
            roomLeft={(content) => model.roomLeft(content)}
            send={(content) => model.send(content)}
            kept={view.chatKept}
            save={() => model.saveChat()}
            remove={() => void model.deleteChat()}
            attachments={attachments}
            hidesDetails={view.policy.privacy !== 'standard'}
            attachOff={filesOff}
            loadFiles={loadFiles}
          />
        </Panel>
      )
    case 'people':
      return (
        <Panel title={text.people.title} close={close}>
          <PeoplePanel
            self={{ ...view.self, media: local.media }}
            view={view}
            marks={state.marks}
            shown={shown}
            pending={pending}
            deeds={model.deeds}
            toggleMutedHere={(person) => model.toggleMutedHere(person)}
            confirmPair={(peerId) => model.confirmPair(peerId)}
            accept={(peerId) => void model.identities.accept(peerId)}
            addContact={(peerId) => void model.identities.add(peerId)}
            canPresent={model.identities.canPresent}
            togglePresented={() => void model.identities.togglePresented()}
          />
        </Panel>
      )
    case 'files':
      return (
        <Panel
          title={roomText.files.title}
          close={close}
          tools={
            <IconButton
              size="small"
              hint
              label={state.isFilesLarge ? roomText.files.smaller : roomText.files.larger}
              className="hidden! wide:inline-flex!"
              onClick={() => model.toggleFilesLarge()}
            >
              {state.isFilesLarge ? <Minimize2 size={17} aria-hidden /> : <Maximize2 size={17} aria-hidden />}
            </IconButton>
          }
        >
          {files}
        </Panel>
      )
    case 'verify':
      return (
        <Panel title={roomText.verify.title} close={close}>
          <VerifyPanel
            comparison={view.comparison}
            marks={state.marks}
            alarms={alarms}
            participants={view.participants}
            confirm={() => model.confirmCode()}
            deny={() => model.denyCode()}
            confirmPair={(peerId) => model.confirmPair(peerId)}
          />
        </Panel>
      )
    case 'privacy':
      return (
        <Panel title={text.privacy.panel.title} close={close}>
          {privacy.kind === 'loaded' ? (
            <privacy.value.ExposurePanel
              policy={view.policy}
              participants={view.participants}
              roads={view.roads}
              chosen={road}
              choose={chooseRoad}
              exposure={() => room.exposure()}
              subscribe={(changed) => room.subscribe(changed)}
              every={every}
            />
          ) : (
            <p className="p-4 text-[0.875rem] text-soft">{text.privacy.panel[privacy.kind]}</p>
          )}
        </Panel>
      )
  }
}
