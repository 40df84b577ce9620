import { useEffect, useRef, useState } from 'react'
import { Crown, Mic, MicOff, MonitorUp, UserMinus, Video as VideoIcon, VideoOff, Volume2, VolumeX } from 'lucide-react'
import type { MediaState, ParticipantView, SelfView, SourceState } from '@p2pigeon/core'
import { Avatar, Button, cx, IconButton, Modal } from '../../../ui/index.ts'
import { Tooltip } from '../../../ui/overlays/index.ts'
import { text } from '../../../text/index.ts'

export interface PeoplePanelProps {
  readonly self: SelfView
  readonly participants: readonly ParticipantView[]
  readonly toggleMutedHere: (person: ParticipantView) => void
  readonly kick: (person: ParticipantView) => void
}

/** Everyone in the room: how they are reached, what they send, and what one can do about it. */
export function PeoplePanel({ self, participants, toggleMutedHere, kick }: PeoplePanelProps) {
  const [asking, setAsking] = useState<ParticipantView>()
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => list.current?.focus(), [])
  return (
    <>
      <ul ref={list} tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto py-2 outline-none">
        <li className="flex items-center gap-3 px-4 py-2">
          <Person
            peerId={self.peerId}
            name={self.name}
            host={self.isHost}
            own
            media={self.media}
            line={undefined}
            tone="plain"
          />
        </li>
        {participants.map((person) => {
          const muteLabel = person.mutedHere ? text.people.unmuteForMe(person.name) : text.people.muteForMe(person.name)
          const { kind } = person.connection
          return (
            <li key={person.peerId} className="flex items-center gap-3 px-4 py-2">
              <Person
                peerId={person.peerId}
                name={person.name}
                host={person.isHost}
                own={false}
                media={person.media}
                line={person.mutedHere && kind === 'connected' ? text.people.mutedForMe : text.room[kind]}
                tone={kind === 'connected' ? 'plain' : 'warn'}
              />
              <Tooltip text={muteLabel}>
                <IconButton
                  size="small"
                  label={muteLabel}
                  aria-pressed={person.mutedHere}
                  onClick={() => toggleMutedHere(person)}
                  className="-mx-1.5"
                >
                  {person.mutedHere ? (
                    <VolumeX size={18} aria-hidden className="text-danger-ink" />
                  ) : (
                    <Volume2 size={18} aria-hidden />
                  )}
                </IconButton>
              </Tooltip>
              {self.isHost && (
                <Tooltip text={text.people.remove(person.name)}>
                  <IconButton
                    size="small"
                    label={text.people.remove(person.name)}
                    onClick={() => setAsking(person)}
                    className="-mr-1.5"
                  >
                    <UserMinus size={18} aria-hidden />
                  </IconButton>
                </Tooltip>
              )}
            </li>
          )
        })}
        {participants.length === 0 && <li className="px-4 py-3 text-[0.875rem] text-faint">{text.people.alone}</li>}
      </ul>
      {asking && (
        <Modal title={text.people.remove(asking.name)} close={() => setAsking(undefined)}>
          <p className="text-soft">{text.people.removeAsk(asking.name)}</p>
          <form method="dialog" className="mt-5 flex justify-end gap-2.5">
            <Button type="submit">{text.common.cancel}</Button>
            <Button type="submit" tone="danger" onClick={() => kick(asking)}>
              {text.people.removeYes}
            </Button>
          </form>
        </Modal>
      )}
    </>
  )
}

interface PersonProps {
  readonly peerId: string
  readonly name: string
  readonly host: boolean
  readonly own: boolean
  readonly media: MediaState
  readonly line: string | undefined
  readonly tone: 'plain' | 'warn'
}

function Person({ peerId, name, host, own, media, line, tone }: PersonProps) {
  return (
    <>
      <Avatar name={name} seed={peerId} className="size-9 text-[0.8125rem]" />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-1.5 leading-tight">
          <bdi className="truncate font-medium">{name}</bdi>
          {own && <span className="shrink-0 text-faint">{text.common.you}</span>}
          {host && <Crown size={14} role="img" aria-label={text.common.host} className="shrink-0 text-warn-ink" />}
        </p>
        {line && <p className={cx('text-[0.8125rem]', tone === 'warn' ? 'text-warn-ink' : 'text-faint')}>{line}</p>}
      </div>
      <span className="flex shrink-0 items-center gap-1.5 text-faint">
        {media.screen === 'on' && (
          <MonitorUp size={16} role="img" aria-label={text.people.sharing} className="text-accent" />
        )}
        {media.microphone === 'on' ? (
          <Mic size={16} role="img" aria-label={text.people.microphoneOn} />
        ) : (
          <MicOff
            size={16}
            role="img"
            aria-label={offWords(media.microphone, text.people.microphoneOff, text.people.microphoneNone)}
          />
        )}
        {media.camera === 'on' ? (
          <VideoIcon size={16} role="img" aria-label={text.people.cameraOn} />
        ) : (
          <VideoOff
            size={16}
            role="img"
            aria-label={offWords(media.camera, text.people.cameraOff, text.people.cameraNone)}
          />
        )}
      </span>
    </>
  )
}

function offWords(state: SourceState, off: string, none: string): string {
  return state === 'none' ? none : off
}
