import { useContext, useEffect, useRef, useState, type ReactNode } from 'react'
import { Upload } from 'lucide-react'
import type { FileRight, Room } from '@p2pigeon/core'
import { useReadable, type Undo } from '../../state/index.ts'
import { IdentitiesContext, useSession } from '../../session/index.ts'
import { cx, droppedEntries, saveText } from '../../ui/index.ts'
import { TooltipScope } from '../../ui/overlays/index.ts'
import { deviceFaultText, text } from '../../text/index.ts'
import { roomText } from '../../text/room/index.ts'
import { every, useDeviceFaults, useDropping, useOwnMeter, useShortcuts } from './call-hooks.ts'
import { DeviceControls, RoomActions } from './ControlBar.tsx'
import { Attachments } from './chat/index.ts'
import { FilesPanel, useFilesOff, useFilesOnWay } from './FilesPanel.tsx'
import type { LoadFiles } from './files-feature.ts'
import { InviteByHand } from './InviteByHand.tsx'
import { useLeaving } from './Leaving.tsx'
import { LobbyView } from './LobbyView.tsx'
import { PrivacyButton } from './PrivacyButton.tsx'
import { RoomPanel } from './RoomPanel.tsx'
import { RoomViewModel } from './room-view-model.ts'
import { AudioSinks, Stage } from './stage/index.ts'
import { StageNotices } from './StageNotices.tsx'
import { alarmsOf, verdictOn, VerifyButton } from './verification/index.ts'

export interface RoomViewProps {
  readonly room: Room
  /** Until the undo, going back asks first. */
  readonly keepHere: (asked: () => void) => Undo
  readonly checkConnection: () => void
  readonly loadFiles: LoadFiles
  /** What stands at the end of the bar on wide screens. */
  readonly corner: ReactNode
}

export function RoomView({ room, keepHere, checkConnection, loadFiles, corner }: RoomViewProps) {
  const session = useSession()
  const identitiesIn = useContext(IdentitiesContext)
  const meter = useOwnMeter(useReadable(session.media.snapshot))
  const [model] = useState(
    () =>
      new RoomViewModel({
        room,
        givenName: session.rooms.givenName(room.roomId),
        maxMessageBytes: session.limits.maxMessageBytes,
        on: (event, listener) => session.manager.on(event, listener),
        identities: identitiesIn?.(room),
        muteForMe: (peerId, muted) => session.manager.muteForMe(peerId, muted),
        inviteLink: () => session.inviteLink(room.roomId),
        linkOf: (code) => session.linkOf(code),
        copy: async (words) => navigator.clipboard.writeText(words),
        announce: (words) => session.notices.announce(words),
        toast: (words, options) => session.notices.toast(words, options),
        save: saveText,
        ownLevel: () => meter.current?.rms() ?? 0,
        now: () => performance.now(),
        every,
      }),
  )
  useEffect(() => model.start(), [model])
  const [attachments] = useState(
    () =>
      new Attachments({
        files: session.files,
        folder: roomText.chat.attach.folder,
        prepare: async (file, hidesDetails) => (await loadFiles()).prepareUpload(file, hidesDetails),
        send: (content, files) => model.send(content, files),
        tooMany: (most) => session.notices.toast(roomText.chat.attach.tooMany(most), { tone: 'fault' }),
      }),
  )
  useEffect(() => attachments.start(), [attachments])
  const view = useReadable(model.room)
  const state = useReadable(model.state)
  const shown = useReadable(model.identities.shown)
  const local = useReadable(session.media.snapshot)
  const devices = useReadable(session.devices.list)
  const preferences = useReadable(session.preferences.value)
  const chatButton = useRef<HTMLButtonElement>(null)
  const peopleButton = useRef<HTMLButtonElement>(null)
  const filesButton = useRef<HTMLButtonElement>(null)
  const privacyButton = useRef<HTMLButtonElement>(null)
  const verifyButton = useRef<HTMLButtonElement>(null)
  const closePanel = (): void => {
    const openers = {
      ...{ chat: chatButton, people: peopleButton, files: filesButton },
      ...{ privacy: privacyButton, verify: verifyButton },
    }
    const opener = state.panel === 'none' ? undefined : openers[state.panel]
    model.closePanel()
    opener?.current?.focus()
  }
  const toggleSharing = (): void => {
    if (local.media.screen === 'on') session.media.stopSharing()
    else {
      void session.media.shareScreen().then((code) => {
        if (code !== undefined) session.notices.toast(deviceFaultText('screen', code).title, { tone: 'fault' })
      })
    }
  }
  const toggleMicrophone = (): void => {
    if (view.self.mutedForAll) model.toggleHand()
    else void session.media.toggleMicrophone()
  }
  const leaveNow = (): void => void session.call.leave()
  const { leave, question: leaveQuestion } = useLeaving(attachments, leaveNow, keepHere)
  useShortcuts(preferences.shortcuts, {
    microphone: () => toggleMicrophone(),
    camera: () => void session.media.toggleCamera(),
    chat: () => model.togglePanel('chat'),
    people: () => model.togglePanel('people'),
    files: () => model.togglePanel('files'),
    close: () => {
      if (state.panel !== 'none') closePanel()
    },
  })
  const filesOnWay = useFilesOnWay()
  const [dropped, setDropped] = useState<readonly FileSystemEntry[]>([])
  const [isOver, dropping] = useDropping((items) => {
    model.showPanel('files')
    setDropped(droppedEntries(items))
  })
  useDeviceFaults(local, (words) => session.notices.toast(words, { tone: 'fault' }))
  if (view.state.kind === 'knocking')
    return <LobbyView name={view.self.name} seed={view.self.peerId} cancel={leaveNow} />
  const people = view.participants.length + 1
  const alarms = alarmsOf(view, state.marks, shown)
  const open = state.panel !== 'none'
  const isLarge = state.panel === 'files' && state.isFilesLarge
  return (
    <TooltipScope>
      <div
        {...dropping}
        className={cx(
          'grid h-dvh gap-x-3 bg-stage px-2 pt-[env(safe-area-inset-top)] pb-[env(safe-area-inset-bottom)] wide:px-3',
          "grid-cols-[minmax(0,1fr)_auto] grid-rows-[auto_minmax(0,1fr)_auto] [grid-template-areas:'info_actions'_'stage_stage'_'controls_controls']",
          'wide:grid-rows-[minmax(0,1fr)_auto] wide:pt-3',
          open && !isLarge
            ? "wide:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)_21rem] wide:[grid-template-areas:'stage_stage_stage_panel'_'info_controls_actions_actions']"
            : "wide:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)] wide:[grid-template-areas:'stage_stage_stage'_'info_controls_actions']",
        )}
      >
        <main id="main" className={cx('relative min-h-0 min-w-0 [grid-area:stage]', isLarge && 'wide:mr-[68%]')}>
          <Stage view={view} local={local} speaking={state.speaking} copyLink={() => void model.copyInvite()} />
          <StageNotices
            model={model}
            view={view}
            state={state}
            alarms={alarms}
            sharing={local.media.screen === 'on'}
            leave={leave}
            checkConnection={checkConnection}
            focus={(button) => (button === 'people' ? peopleButton : verifyButton).current?.focus()}
          />
        </main>
        <header className="@container flex min-w-0 items-center gap-1.5 py-2 pl-2 [grid-area:info]">
          <div className="mr-1.5 min-w-0">
            <h1 className="truncate leading-tight font-semibold">{model.title}</h1>
            <p className="truncate text-[0.8125rem] text-soft">
              {view.state.kind === 'joining' ? text.room.looking : text.room.people(people)}
            </p>
          </div>
          <PrivacyButton
            ref={privacyButton}
            policy={view.policy}
            open={state.panel === 'privacy'}
            toggle={() => model.togglePanel('privacy')}
          />
          <VerifyButton
            ref={verifyButton}
            verdict={verdictOn(view.comparison, state.marks)}
            alarmed={alarms.length > 0}
            open={state.panel === 'verify'}
            toggle={() => model.togglePanel('verify')}
          />
        </header>
        <div className="py-2.5 [grid-area:controls]">
          <DeviceControls
            local={local}
            devices={devices}
            abilities={session.devices.abilities}
            preferences={preferences}
            forbidden={view.self.mutedForAll ? (view.self.handRaised ? 'asked' : 'muted') : undefined}
            toggleMicrophone={toggleMicrophone}
            toggleCamera={() => void session.media.toggleCamera()}
            toggleSharing={toggleSharing}
            chooseMicrophone={(id) => void session.media.chooseMicrophone(id)}
            chooseCamera={(id) => void session.media.chooseCamera(id)}
            chooseSpeaker={(id) => session.preferences.change({ speakerId: id })}
            leave={leave}
          />
        </div>
        <div className="flex items-center justify-end py-2 [grid-area:actions]">
          <RoomActions
            panel={state.panel}
            unread={state.unread}
            people={people}
            knocks={view.knocks.length}
            copied={state.copied}
            filesOnWay={filesOnWay}
            toggleChat={() => model.togglePanel('chat')}
            toggleFiles={() => model.togglePanel('files')}
            togglePeople={() => model.togglePanel('people')}
            copyInvite={() => void model.copyInvite()}
            chatButton={chatButton}
            peopleButton={peopleButton}
            filesButton={filesButton}
          />
          <div className="hidden wide:block">{corner}</div>
        </div>
        {open && (
          <div
            className={cx(
              'z-10 min-h-0 min-w-0 [grid-area:stage]',
              isLarge ? 'wide:ml-[calc(32%+0.75rem)]' : 'wide:[grid-area:panel]',
            )}
          >
            <RoomPanel
              model={model}
              room={room}
              view={view}
              state={state}
              local={local}
              alarms={alarms}
              road={preferences.road}
              chooseRoad={(road) => {
                session
                  .chooseRoad(road)
                  .catch(() => session.notices.toast(text.privacy.panel.roads.failed, { tone: 'fault' }))
              }}
              attachments={attachments}
              loadFiles={loadFiles}
              files={<FilesPanel load={loadFiles} dropped={dropped} taken={() => setDropped([])} />}
              close={closePanel}
            />
          </div>
        )}
        {isOver && <DropHint right={view.self.fileRight} />}
        <AudioSinks
          participants={view.participants}
          speakerId={preferences.speakerId}
          attempt={state.soundAttempt}
          blocked={model.soundWasBlocked}
        />
        {leaveQuestion}
        {state.linkByHand !== undefined && (
          <InviteByHand link={state.linkByHand} close={() => model.closeLinkByHand()} />
        )}
      </div>
    </TooltipScope>
  )
}

function DropHint({ right }: { readonly right: FileRight }) {
  const off = useFilesOff(right)
  return (
    <div className="pointer-events-none fixed inset-3 z-30 flex flex-col items-center justify-center rounded-card border-2 border-dashed border-accent bg-accent-soft/90 text-accent">
      <Upload size={28} aria-hidden />
      <p className="mt-2 font-semibold">{off ?? roomText.files.drop}</p>
    </div>
  )
}
