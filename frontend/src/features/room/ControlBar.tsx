import type { ReactNode, Ref } from 'react'
import {
  Check,
  ChevronUp,
  FolderClosed,
  Hand,
  Link,
  MessageSquare,
  Mic,
  MicOff,
  MonitorUp,
  MonitorX,
  PhoneOff,
  Users,
  Video as VideoIcon,
  VideoOff,
} from 'lucide-react'
import type { Abilities, Device, DeviceList, LocalMediaSnapshot, PreferencesValue } from '../../session/index.ts'
import { cx, IconButton } from '../../ui/index.ts'
import { ChoiceMenu, Tooltip, type ChoiceGroup } from '../../ui/overlays/index.ts'
import { text } from '../../text/index.ts'
import { roomText } from '../../text/room/index.ts'
import type { Panel } from './room-view-model.ts'

export interface DeviceControlsProps {
  readonly local: LocalMediaSnapshot
  readonly devices: DeviceList
  readonly abilities: Abilities
  readonly preferences: PreferencesValue
  /** Set while the room forbids this person to speak; `asked` when it has asked to. */
  readonly forbidden: 'muted' | 'asked' | undefined
  readonly toggleMicrophone: () => void
  readonly toggleCamera: () => void
  readonly toggleSharing: () => void
  readonly chooseMicrophone: (id: string | undefined) => void
  readonly chooseCamera: (id: string | undefined) => void
  readonly chooseSpeaker: (id: string | undefined) => void
  readonly leave: () => void
}

/** The user's own devices, and the way out. */
export function DeviceControls(props: DeviceControlsProps) {
  const { local, devices, abilities, preferences } = props
  const microphoneOn = local.media.microphone === 'on'
  const cameraOn = local.media.camera === 'on'
  const sharing = local.media.screen === 'on'
  const microphoneLabel = microphoneWords(props.forbidden, microphoneOn)
  const cameraLabel = cameraOn ? text.controls.cameraOff : text.controls.cameraOn
  const shareLabel = sharing ? text.controls.stopShare : text.controls.share
  const speakers =
    abilities.chooseSpeaker && devices.speakers.length > 0
      ? [deviceGroup(text.devices.speakers, devices.speakers, preferences.speakerId, props.chooseSpeaker)]
      : []
  return (
    <section aria-label={text.controls.bar} className="flex items-center justify-center gap-2">
      <Split
        off={!microphoneOn}
        options={text.controls.microphoneOptions}
        groups={[
          deviceGroup(text.devices.microphones, devices.microphones, preferences.microphoneId, props.chooseMicrophone),
          ...speakers,
        ]}
      >
        <Tooltip text={microphoneLabel} keys="M">
          <IconButton
            label={microphoneLabel}
            tone={props.forbidden === 'asked' ? 'on' : microphoneOn ? 'solid' : 'off'}
            className="rounded-r-none"
            onClick={props.toggleMicrophone}
          >
            {props.forbidden === 'asked' ? (
              <Hand size={20} aria-hidden />
            ) : microphoneOn && props.forbidden === undefined ? (
              <Mic size={20} aria-hidden />
            ) : (
              <MicOff size={20} aria-hidden />
            )}
          </IconButton>
        </Tooltip>
      </Split>
      <Split
        off={!cameraOn}
        options={text.controls.cameraOptions}
        groups={[deviceGroup(text.devices.cameras, devices.cameras, preferences.cameraId, props.chooseCamera)]}
      >
        <Tooltip text={cameraLabel} keys="V">
          <IconButton
            label={cameraLabel}
            tone={cameraOn ? 'solid' : 'off'}
            className="rounded-r-none"
            onClick={props.toggleCamera}
          >
            {cameraOn ? <VideoIcon size={20} aria-hidden /> : <VideoOff size={20} aria-hidden />}
          </IconButton>
        </Tooltip>
      </Split>
      {abilities.shareScreen && (
        <Tooltip text={shareLabel}>
          <IconButton label={shareLabel} tone={sharing ? 'on' : 'solid'} onClick={props.toggleSharing}>
            {sharing ? <MonitorX size={20} aria-hidden /> : <MonitorUp size={20} aria-hidden />}
          </IconButton>
        </Tooltip>
      )}
      <Tooltip text={text.controls.leave}>
        <IconButton label={text.controls.leave} tone="danger" className="ml-1 w-15!" onClick={props.leave}>
          <PhoneOff size={20} aria-hidden />
        </IconButton>
      </Tooltip>
    </section>
  )
}

function microphoneWords(forbidden: DeviceControlsProps['forbidden'], on: boolean): string {
  if (forbidden === 'asked') return roomText.self.controlAsked
  if (forbidden === 'muted') return roomText.self.control
  return on ? text.controls.mute : text.controls.unmute
}

interface SplitProps {
  readonly off: boolean
  readonly options: string
  readonly groups: readonly ChoiceGroup[]
  readonly children: ReactNode
}

/** A switch with the menu of its devices beside it. */
function Split({ off, options, groups, children }: SplitProps) {
  return (
    <div className="flex gap-px">
      {children}
      <ChoiceMenu
        groups={groups}
        trigger={
          <IconButton label={options} tone={off ? 'off' : 'solid'} className="w-7! rounded-l-none">
            <ChevronUp size={15} aria-hidden />
          </IconButton>
        }
      />
    </div>
  )
}

const systemDefault = 'default'

function deviceGroup(
  title: string,
  devices: readonly Device[],
  chosen: string | undefined,
  choose: (id: string | undefined) => void,
): ChoiceGroup {
  const present = devices.some((device) => device.id === chosen)
  return {
    title: devices.length === 0 ? `${title}: ${text.devices.none}` : title,
    chosen: present && chosen !== undefined ? chosen : systemDefault,
    choose: (id) => choose(id === systemDefault ? undefined : id),
    choices: [
      { id: systemDefault, label: text.devices.systemDefault },
      ...devices.map((device, index) => ({
        id: device.id,
        label: device.label || text.devices.unnamed(title, index + 1),
      })),
    ],
  }
}

export interface RoomActionsProps {
  readonly panel: Panel
  readonly unread: number
  readonly people: number
  /** Those who wait to be let in. */
  readonly knocks: number
  readonly copied: boolean
  /** Files that are on their way up or down. */
  readonly filesOnWay: number
  readonly toggleChat: () => void
  readonly toggleFiles: () => void
  readonly togglePeople: () => void
  readonly copyInvite: () => void
  readonly chatButton: Ref<HTMLButtonElement>
  readonly peopleButton: Ref<HTMLButtonElement>
  readonly filesButton: Ref<HTMLButtonElement>
}

const mostShown = 99

/** What belongs to the room: its link, its people, its conversation. */
export function RoomActions({
  panel,
  unread,
  people,
  knocks,
  copied,
  filesOnWay,
  toggleChat,
  toggleFiles,
  togglePeople,
  copyInvite,
  chatButton,
  peopleButton,
  filesButton,
}: RoomActionsProps) {
  return (
    <section aria-label={text.controls.roomActions} className="flex items-center justify-end gap-1">
      <Tooltip text={text.controls.invite}>
        <IconButton label={text.controls.invite} onClick={copyInvite}>
          {copied ? <Check size={20} aria-hidden className="text-good" /> : <Link size={20} aria-hidden />}
        </IconButton>
      </Tooltip>
      <span className="relative">
        <Tooltip text={text.controls.participants} keys="P">
          <IconButton
            ref={peopleButton}
            label={text.controls.participants}
            aria-expanded={panel === 'people'}
            aria-describedby={knocks > 0 ? 'knocks' : undefined}
            className={cx(panel === 'people' && 'bg-accent-soft text-accent!')}
            onClick={togglePeople}
          >
            <Users size={20} aria-hidden />
          </IconButton>
        </Tooltip>
        {knocks > 0 ? <Badge shown={knocks} alarm /> : <Badge shown={people} quiet />}
        {knocks > 0 && (
          <span id="knocks" className="sr-only">
            {roomText.knock.many(knocks)}
          </span>
        )}
      </span>
      <span className="relative">
        <Tooltip text={roomText.files.title} keys="F">
          <IconButton
            ref={filesButton}
            label={roomText.files.title}
            aria-expanded={panel === 'files'}
            aria-describedby={filesOnWay > 0 ? 'files-on-way' : undefined}
            className={cx(panel === 'files' && 'bg-accent-soft text-accent!')}
            onClick={toggleFiles}
          >
            <FolderClosed size={20} aria-hidden />
          </IconButton>
        </Tooltip>
        {filesOnWay > 0 && <Badge shown={filesOnWay} quiet />}
        {filesOnWay > 0 && (
          <span id="files-on-way" className="sr-only">
            {roomText.files.onWay(filesOnWay)}
          </span>
        )}
      </span>
      <span className="relative">
        <Tooltip text={text.controls.chat} keys="C">
          <IconButton
            ref={chatButton}
            label={text.controls.chat}
            aria-expanded={panel === 'chat'}
            aria-describedby={unread > 0 ? 'unread' : undefined}
            className={cx(panel === 'chat' && 'bg-accent-soft text-accent!')}
            onClick={toggleChat}
          >
            <MessageSquare size={20} aria-hidden />
          </IconButton>
        </Tooltip>
        {unread > 0 && <Badge shown={unread} />}
        {unread > 0 && (
          <span id="unread" className="sr-only">
            {text.chat.unread(unread)}
          </span>
        )}
      </span>
    </section>
  )
}

interface BadgeProps {
  readonly shown: number
  readonly quiet?: boolean
  readonly alarm?: boolean
}

function Badge({ shown, quiet, alarm }: BadgeProps) {
  return (
    <span
      aria-hidden
      className={cx(
        'pointer-events-none absolute top-0.5 right-0 flex h-4.5 min-w-4.5 items-center justify-center rounded-full px-1 text-[0.6875rem] font-semibold tabular-nums',
        quiet
          ? 'bg-surface text-soft inset-ring inset-ring-line'
          : alarm
            ? 'bg-danger text-white'
            : 'bg-accent text-on-accent',
      )}
    >
      {shown > mostShown ? `${mostShown}+` : shown}
    </span>
  )
}
