import { useEffect, useRef, useState, type ReactNode } from 'react'
import {
  Crown,
  Ellipsis,
  Hand,
  IdCard,
  Mic,
  MicOff,
  MonitorUp,
  ShieldPlus,
  ShieldX,
  UserMinus,
  Video as VideoIcon,
  VideoOff,
  Volume2,
  VolumeX,
} from 'lucide-react'
import type { MediaState, ParticipantView, Role, RoomView, SelfView, SourceState } from '@p2pigeon/core'
import { Avatar, Button, cx, IconButton, Switch } from '../../../ui/index.ts'
import { ActionMenu, Tooltip, type Action } from '../../../ui/overlays/index.ts'
import { text } from '../../../text/index.ts'
import { Knocks, type KnocksProps } from './Knocks.tsx'
import { Question } from './Question.tsx'
import { RoomSettings, type RoomSettingsProps } from './RoomSettings.tsx'

export interface PeoplePanelProps extends KnocksProps, Omit<RoomSettingsProps, 'entry' | 'isHost'> {
  readonly self: SelfView
  readonly view: RoomView
  readonly toggleMutedHere: (person: ParticipantView) => void
  readonly muteForAll: (person: ParticipantView, muted: boolean) => void
  readonly setCohost: (person: ParticipantView, on: boolean) => void
  readonly kick: (person: ParticipantView, ban: boolean) => void
  readonly release: (peerId: ParticipantView['peerId']) => void
  /** Who somebody is whose long-term identity is shown; where there are contacts. */
  readonly presented: ((person: ParticipantView) => ReactNode) | undefined
  /** Shows or hides the own long-term identity; undefined where there is none. */
  readonly togglePresented: (() => void) | undefined
}

/** Everyone in the room: how they are reached, what they send, and what one can do about it. */
export function PeoplePanel(props: PeoplePanelProps) {
  const { self, view, knocks } = props
  const [asking, setAsking] = useState<ParticipantView>()
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => list.current?.focus(), [])
  const decides = self.role !== 'member'
  return (
    <>
      {knocks.length > 0 && <Knocks knocks={knocks} admit={props.admit} deny={props.deny} />}
      {decides && <RoomSettings {...props} entry={view.entry} isHost={self.role === 'host'} />}
      <ul ref={list} tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto py-2 outline-none">
        <li className="flex items-center gap-3 px-4 py-2">
          <Person {...self} own line={self.mutedForAll ? text.authority.self.mutedBy : undefined} tone="warn">
            {self.presentation && <p className="text-[0.8125rem] text-good">{text.authority.present.shown}</p>}
          </Person>
          {props.togglePresented && (
            <Tooltip text={self.presentation ? text.authority.present.hide : text.authority.present.show}>
              <IconButton
                size="small"
                label={self.presentation ? text.authority.present.hide : text.authority.present.show}
                aria-pressed={self.presentation !== undefined}
                className="-mr-1.5"
                onClick={props.togglePresented}
              >
                <IdCard size={18} aria-hidden className={cx(self.presentation && 'text-accent')} />
              </IconButton>
            </Tooltip>
          )}
        </li>
        {view.participants.map((person) => (
          <li key={person.peerId} className="flex items-center gap-3 px-4 py-2">
            <Person {...person} own={false} {...lineOf(person)}>
              {person.presentation && props.presented?.(person)}
            </Person>
            <MuteForMe person={person} toggle={() => props.toggleMutedHere(person)} />
            {mayManage(self.role, person.role) && (
              <ActionMenu
                trigger={
                  <IconButton size="small" label={text.authority.manage(person.name)} className="-mr-1.5 -ml-2">
                    <Ellipsis size={18} aria-hidden />
                  </IconButton>
                }
                actions={actionsOn(person, self.role, props, () => setAsking(person))}
              />
            )}
          </li>
        ))}
        {view.held.map(({ peerId, name }) => (
          <li
            key={peerId}
            className="mx-3 my-1 rounded-control bg-danger-soft px-3 py-2.5 text-[0.875rem] text-danger-ink"
          >
            <p className="font-semibold">{text.authority.held.title(name)}</p>
            <p>{text.authority.held.body}</p>
            <Button size="small" className="mt-2" onClick={() => props.release(peerId)}>
              {text.authority.held.release(name)}
            </Button>
          </li>
        ))}
        {view.participants.length === 0 && (
          <li className="px-4 py-3 text-[0.875rem] text-faint">{text.people.alone}</li>
        )}
      </ul>
      {asking && <Removal person={asking} kick={props.kick} close={() => setAsking(undefined)} />}
    </>
  )
}

function mayManage(own: Role, theirs: Role): boolean {
  return own === 'host' || (own === 'cohost' && theirs === 'member')
}

function actionsOn(
  person: ParticipantView,
  own: Role,
  { muteForAll, setCohost }: PeoplePanelProps,
  askToRemove: () => void,
): Action[] {
  const { mutedForAll, role } = person
  const actions: Action[] = [
    {
      id: 'mute',
      label: mutedForAll ? text.authority.allowToSpeak : text.authority.muteAll,
      icon: mutedForAll ? <Mic size={17} /> : <MicOff size={17} />,
      run: () => muteForAll(person, !mutedForAll),
    },
  ]
  if (own === 'host') {
    actions.push({
      id: 'cohost',
      label: role === 'cohost' ? text.authority.takeCohost : text.authority.makeCohost,
      icon: role === 'cohost' ? <ShieldX size={17} /> : <ShieldPlus size={17} />,
      run: () => setCohost(person, role !== 'cohost'),
    })
  }
  return [
    ...actions,
    {
      id: 'remove',
      label: text.authority.removeShort,
      icon: <UserMinus size={17} />,
      danger: true,
      run: askToRemove,
    },
  ]
}

function Removal({
  person,
  kick,
  close,
}: {
  readonly person: ParticipantView
  readonly kick: (person: ParticipantView, ban: boolean) => void
  readonly close: () => void
}) {
  const [ban, setBan] = useState(false)
  return (
    <Question
      title={text.authority.remove(person.name)}
      body={text.authority.removeAsk(person.name)}
      yes={text.authority.removeYes}
      danger
      act={() => kick(person, ban)}
      close={close}
    >
      <div className="mt-3">
        <Switch
          label={text.authority.removeBan(person.name)}
          note={text.authority.removeBanNote}
          on={ban}
          toggle={setBan}
        />
      </div>
    </Question>
  )
}

function MuteForMe({ person, toggle }: { readonly person: ParticipantView; readonly toggle: () => void }) {
  const label = person.mutedHere ? text.people.unmuteForMe(person.name) : text.people.muteForMe(person.name)
  return (
    <Tooltip text={label}>
      <IconButton size="small" label={label} aria-pressed={person.mutedHere} onClick={toggle} className="-mx-1.5">
        {person.mutedHere ? (
          <VolumeX size={18} aria-hidden className="text-danger-ink" />
        ) : (
          <Volume2 size={18} aria-hidden />
        )}
      </IconButton>
    </Tooltip>
  )
}

/** The one thing that is most worth saying of somebody. */
function lineOf(person: ParticipantView): { readonly line: string; readonly tone: 'plain' | 'warn' } {
  const { kind } = person.connection
  if (kind !== 'connected') return { line: text.room[kind], tone: 'warn' }
  if (person.mutedForAll) return { line: text.authority.mutedForAll, tone: 'plain' }
  return { line: person.mutedHere ? text.people.mutedForMe : text.room[kind], tone: 'plain' }
}

interface PersonProps {
  readonly peerId: string
  readonly name: string
  readonly role: Role
  readonly own: boolean
  readonly media: MediaState
  readonly handRaised: boolean
  readonly line: string | undefined
  readonly tone: 'plain' | 'warn'
  readonly children?: ReactNode
}

function Person({ peerId, name, role, own, media, handRaised, line, tone, children }: PersonProps) {
  const roleWord = text.authority.roles[role]
  return (
    <>
      <Avatar name={name} seed={peerId} className="size-9 text-[0.8125rem]" />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-1.5 leading-tight">
          <bdi className="truncate font-medium">{name}</bdi>
          {own && <span className="shrink-0 text-faint">{text.common.you}</span>}
          {roleWord && (
            <Crown
              size={14}
              role="img"
              aria-label={roleWord}
              className={cx('shrink-0', role === 'host' ? 'text-warn-ink' : 'text-faint')}
            />
          )}
        </p>
        {line && <p className={cx('text-[0.8125rem]', tone === 'warn' ? 'text-warn-ink' : 'text-faint')}>{line}</p>}
        {children}
      </div>
      <span className="flex shrink-0 items-center gap-1.5 text-faint">
        {handRaised && (
          <Hand size={16} role="img" aria-label={text.authority.handRaised(name)} className="text-warn-ink" />
        )}
        {media.screen === 'on' && (
          <MonitorUp size={16} role="img" aria-label={text.people.sharing} className="text-accent" />
        )}
        {media.microphone === 'on' ? (
          <Mic size={16} role="img" aria-label={text.people.microphoneOn} />
        ) : (
          <MicOff size={16} role="img" aria-label={sourceWords(media.microphone, 'microphone')} />
        )}
        {media.camera === 'on' ? (
          <VideoIcon size={16} role="img" aria-label={text.people.cameraOn} />
        ) : (
          <VideoOff size={16} role="img" aria-label={sourceWords(media.camera, 'camera')} />
        )}
      </span>
    </>
  )
}

function sourceWords(state: SourceState, source: 'microphone' | 'camera'): string {
  if (source === 'microphone') return state === 'none' ? text.people.microphoneNone : text.people.microphoneOff
  return state === 'none' ? text.people.cameraNone : text.people.cameraOff
}
