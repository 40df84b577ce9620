import { useEffect, useRef, useState, type ReactNode } from 'react'
import { MonitorUp, Volume2 } from 'lucide-react'
import type { ParticipantView, Room } from '@p2pigeon/core'
import { useLoaded, useReadable } from '../../state/index.ts'
import { meterLevel, useSession, type LevelMeter, type LocalMediaSnapshot } from '../../session/index.ts'
import { Banner, Button, cx } from '../../ui/index.ts'
import { TooltipScope } from '../../ui/overlays/index.ts'
import { deviceFaultText, text } from '../../text/index.ts'
import { Alarms } from './Alarms.tsx'
import { isLost } from './announcements.ts'
import { ChatPanel } from './chat/index.ts'
import { DeviceControls, RoomActions } from './ControlBar.tsx'
import { InviteByHand } from './InviteByHand.tsx'
import { KnockCard } from './KnockCard.tsx'
import { LobbyView } from './LobbyView.tsx'
import { Panel } from './Panel.tsx'
import { PeoplePanel } from './people/index.ts'
import { PrivacyButton } from './PrivacyButton.tsx'
import { RoomViewModel } from './room-view-model.ts'
import { keyPressOf, shortcutOf, type Shortcuts } from './shortcuts.ts'
import { AudioSinks, Stage } from './stage/index.ts'
import { codeOf, VerifyButton, VerifyPanel } from './verification/index.ts'

const loadPrivacy = () => import('./privacy/index.ts')

export interface RoomViewProps {
  readonly room: Room
  readonly checkConnection: () => void
  /** What stands at the end of the bar on wide screens. */
  readonly corner: ReactNode
}

export function RoomView({ room, checkConnection, corner }: RoomViewProps) {
  const session = useSession()
  const meter = useOwnMeter(useReadable(session.media.snapshot))
  const [model] = useState(
    () =>
      new RoomViewModel({
        room,
        givenName: session.rooms.givenName(room.roomId),
        maxMessageBytes: session.limits.maxMessageBytes,
        on: (event, listener) => session.manager.on(event, listener),
        muteForMe: (peerId, muted) => session.manager.muteForMe(peerId, muted),
        inviteLink: () => session.inviteLink(room.roomId),
        linkOf: (code) => session.linkOf(code),
        copy: async (words) => navigator.clipboard.writeText(words),
        announce: (words) => session.notices.announce(words),
        toast: (words, tone) => session.notices.toast(words, { tone: tone ?? 'plain' }),
        ownLevel: () => meter.current?.rms() ?? 0,
        now: () => performance.now(),
        every,
      }),
  )
  useEffect(() => model.start(), [model])
  const view = useReadable(model.room)
  const state = useReadable(model.state)
  const local = useReadable(session.media.snapshot)
  const devices = useReadable(session.devices.list)
  const preferences = useReadable(session.preferences.value)
  const privacy = useLoaded(loadPrivacy)
  const chatButton = useRef<HTMLButtonElement>(null)
  const peopleButton = useRef<HTMLButtonElement>(null)
  const privacyButton = useRef<HTMLButtonElement>(null)
  const verifyButton = useRef<HTMLButtonElement>(null)
  const closePanel = (): void => {
    const openers = { chat: chatButton, people: peopleButton, privacy: privacyButton, verify: verifyButton }
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
  useShortcuts(preferences.shortcuts, {
    microphone: () => toggleMicrophone(),
    camera: () => void session.media.toggleCamera(),
    chat: () => model.togglePanel('chat'),
    people: () => model.togglePanel('people'),
    close: () => {
      if (state.panel !== 'none') closePanel()
    },
  })
  useDeviceFaults(local, (words) => session.notices.toast(words, { tone: 'fault' }))
  if (view.state.kind === 'knocking')
    return <LobbyView name={view.self.name} cancel={() => void session.call.leave()} />
  const people = view.participants.length + 1
  const code = codeOf(view.comparison)
  const verified = code !== undefined && code === state.confirmedCode
  const open = state.panel !== 'none'
  const checkButton = (
    <Button size="small" onClick={checkConnection}>
      {text.doctor.open}
    </Button>
  )
  return (
    <TooltipScope>
      <div
        className={cx(
          'grid h-dvh gap-x-3 bg-stage px-2 pt-[env(safe-area-inset-top)] pb-[env(safe-area-inset-bottom)] wide:px-3',
          "grid-cols-[minmax(0,1fr)_auto] grid-rows-[auto_minmax(0,1fr)_auto] [grid-template-areas:'info_actions'_'stage_stage'_'controls_controls']",
          'wide:grid-rows-[minmax(0,1fr)_auto] wide:pt-3',
          open
            ? "wide:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)_21rem] wide:[grid-template-areas:'stage_stage_stage_panel'_'info_controls_actions_actions']"
            : "wide:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)] wide:[grid-template-areas:'stage_stage_stage'_'info_controls_actions']",
        )}
      >
        <main id="main" className="relative min-h-0 min-w-0 [grid-area:stage]">
          <Stage view={view} local={local} speaking={state.speaking} copyLink={() => void model.copyInvite()} />
          <div className="pointer-events-none absolute inset-x-0 top-2 flex flex-col items-center gap-2 px-2 *:pointer-events-auto">
            {state.soundBlocked && (
              <Button
                tone="primary"
                className="shadow-float"
                title={text.room.clickToHearBody}
                onClick={() => model.startSound()}
              >
                <Volume2 size={18} aria-hidden /> {text.room.clickToHear}
              </Button>
            )}
            {view.carrier.kind !== 'ready' && view.carrier.kind !== 'closed' && (
              <div className="shadow-float">
                <Banner
                  tone={isLost(view) ? 'warn' : 'busy'}
                  title={isLost(view) ? text.room.nodeLost : text.room.nodeConnecting}
                  action={isLost(view) && checkButton}
                />
              </div>
            )}
            <Alarms view={view} compare={() => model.showPanel('verify')} />
            {state.panel !== 'people' && (
              <KnockCard
                knocks={view.knocks}
                admit={(knock) => model.admit(knock)}
                deny={(knock) => model.deny(knock)}
                look={() => model.showPanel('people')}
              />
            )}
            {view.self.mutedForAll && (
              <div className="shadow-float">
                <Banner
                  tone="warn"
                  title={text.authority.self.mutedBy}
                  action={
                    <Button size="small" aria-pressed={view.self.handRaised} onClick={() => model.toggleHand()}>
                      {view.self.handRaised ? text.authority.self.takeBack : text.authority.self.ask}
                    </Button>
                  }
                >
                  {text.authority.self.mutedBody}
                </Banner>
              </div>
            )}
            {state.trouble.length > 0 && (
              <div className="shadow-float">
                <Banner tone="warn" title={troubleWords(state.trouble)} action={checkButton} />
              </div>
            )}
            {local.media.screen === 'on' && (
              <p className="flex items-center gap-2 rounded-full bg-accent px-3.5 py-1.5 text-[0.875rem] font-medium text-on-accent shadow-float">
                <MonitorUp size={16} aria-hidden /> {text.room.sharingYours}
              </p>
            )}
          </div>
        </main>
        <header className="flex min-w-0 items-center gap-3 py-2 pl-2 [grid-area:info]">
          <div className="min-w-0">
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
            comparison={view.comparison}
            verified={verified}
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
            leave={() => void session.call.leave()}
          />
        </div>
        <div className="flex items-center justify-end py-2 [grid-area:actions]">
          <RoomActions
            panel={state.panel}
            unread={state.unread}
            people={people}
            knocks={view.knocks.length}
            copied={state.copied}
            toggleChat={() => model.togglePanel('chat')}
            togglePeople={() => model.togglePanel('people')}
            copyInvite={() => void model.copyInvite()}
            chatButton={chatButton}
            peopleButton={peopleButton}
          />
          <div className="hidden wide:block">{corner}</div>
        </div>
        {open && (
          <div className="z-10 min-h-0 min-w-0 [grid-area:stage] wide:[grid-area:panel]">
            {state.panel === 'chat' && (
              <Panel title={text.chat.title} close={closePanel}>
                <ChatPanel
                  messages={view.messages}
                  fault={state.sendFault}
                  roomLeft={(content) => model.roomLeft(content)}
                  send={(content) => model.send(content)}
                />
              </Panel>
            )}
            {state.panel === 'people' && (
              <Panel title={text.people.title} close={closePanel}>
                <PeoplePanel
                  self={{ ...view.self, media: local.media }}
                  view={view}
                  knocks={view.knocks}
                  admit={(knock) => model.admit(knock)}
                  deny={(knock) => model.deny(knock)}
                  setEntry={(mode) => model.setEntry(mode)}
                  createInvite={(terms) => model.createInvite(terms)}
                  renewLink={() => model.renewLink()}
                  endForAll={() => model.endForAll()}
                  toggleMutedHere={(person) => model.toggleMutedHere(person)}
                  muteForAll={(person, muted) => model.muteForAll(person, muted)}
                  setCohost={(person, on) => model.setCohost(person, on)}
                  kick={(person, ban) => model.kick(person, ban)}
                  release={(peerId) => model.release(peerId)}
                  presented={undefined}
                  togglePresented={undefined}
                />
              </Panel>
            )}
            {state.panel === 'verify' && (
              <Panel title={text.authority.verify.title} close={closePanel}>
                <VerifyPanel
                  comparison={view.comparison}
                  participants={view.participants}
                  verified={verified}
                  confirm={() => model.confirmCode()}
                />
              </Panel>
            )}
            {state.panel === 'privacy' && (
              <Panel title={text.privacy.panel.title} close={closePanel}>
                {privacy.kind === 'loaded' ? (
                  <privacy.value.ExposurePanel
                    policy={view.policy}
                    connected={view.participants.filter(({ connection }) => connection.kind === 'connected').length}
                    exposure={() => room.exposure()}
                    subscribe={(changed) => room.subscribe(changed)}
                    every={every}
                  />
                ) : (
                  <p className="p-4 text-[0.875rem] text-soft">{text.privacy.panel[privacy.kind]}</p>
                )}
              </Panel>
            )}
          </div>
        )}
        <AudioSinks
          participants={view.participants}
          speakerId={preferences.speakerId}
          attempt={state.soundAttempt}
          blocked={model.soundWasBlocked}
        />
        {state.linkByHand !== undefined && (
          <InviteByHand link={state.linkByHand} close={() => model.closeLinkByHand()} />
        )}
      </div>
    </TooltipScope>
  )
}

function every(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms)
  return () => clearInterval(timer)
}

function troubleWords(people: readonly ParticipantView[]): string {
  const [first] = people
  return first && people.length === 1 ? text.doctor.trouble(first.name) : text.doctor.troubleMany(people.length)
}

function useShortcuts(enabled: boolean, shortcuts: Shortcuts): void {
  const latest = useRef({ enabled, shortcuts })
  useEffect(() => {
    latest.current = { enabled, shortcuts }
  })
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const name = shortcutOf(keyPressOf(event), latest.current.enabled)
      if (!name) return
      event.preventDefault()
      latest.current.shortcuts[name]()
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [])
}

/** Measures the own microphone while it is on, for the own tile's highlight. */
function useOwnMeter(local: LocalMediaSnapshot): React.RefObject<LevelMeter | undefined> {
  const meter = useRef<LevelMeter>(undefined)
  const { stream } = local
  const track = stream?.getAudioTracks()[0]
  const on = local.media.microphone === 'on'
  useEffect(() => {
    if (!stream || !track || !on) return
    const started = meterLevel(stream)
    meter.current = started
    return () => {
      meter.current = undefined
      started.stop()
    }
  }, [stream, track, on])
  return meter
}

/** Says once that a device failed during the call. */
function useDeviceFaults({ microphoneFault, cameraFault }: LocalMediaSnapshot, say: (words: string) => void): void {
  const latest = useRef(say)
  useEffect(() => {
    latest.current = say
  })
  const first = useRef(true)
  useEffect(() => {
    // Faults from before the call were shown before it.
    if (first.current) return
    if (microphoneFault) latest.current(deviceFaultText('microphone', microphoneFault).title)
  }, [microphoneFault])
  useEffect(() => {
    if (!first.current && cameraFault) latest.current(deviceFaultText('camera', cameraFault).title)
    first.current = false
  }, [cameraFault])
}
