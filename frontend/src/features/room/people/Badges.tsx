import {
  BadgeCheck,
  Crown,
  FileLock,
  Mic,
  MicOff,
  MonitorUp,
  ShieldPlus,
  ShieldX,
  UserCheck,
  Video,
  VideoOff,
} from 'lucide-react'
import type { MediaState, Role, SelfView, SourceState } from '@p2pigeon/core'
import { cx } from '../../../ui/index.ts'
import { text } from '../../../text/index.ts'
import { roomText } from '../../../text/room/index.ts'
import type { Trust } from './trust.ts'

/** What somebody may decide here; nothing for whoever decides nothing. */
export function RoleBadge({ role }: { readonly role: Role }) {
  const words = roomText.roles[role]
  if (words === undefined) return null
  const Icon = role === 'host' ? Crown : ShieldPlus
  return (
    <span className="flex shrink-0 items-center gap-1 rounded-full bg-hover px-1.5 text-[0.75rem] leading-5 text-soft">
      <Icon size={12} aria-hidden className={cx(role === 'host' && 'text-warn-ink')} />
      {words}
    </span>
  )
}

/** Whoever may only read the files of the room; nothing for everybody else. */
export function FileRightMark({ right, words }: { readonly right: SelfView['fileRight']; readonly words: string }) {
  if (right !== 'reader') return null
  return (
    <span className="flex min-w-0 items-center gap-1">
      <FileLock size={15} aria-hidden className="shrink-0" />
      <span className="min-w-0 truncate">{words}</span>
    </span>
  )
}

export function TrustIcon({ level }: { readonly level: Trust['level'] }) {
  if (level === 'none') return null
  const Icon = level === 'alarm' ? ShieldX : level === 'sure' ? BadgeCheck : UserCheck
  return (
    <Icon
      size={15}
      aria-hidden
      className={cx('shrink-0', level === 'alarm' ? 'text-danger-ink' : level === 'sure' ? 'text-good' : 'text-faint')}
    />
  )
}

/** What somebody sends. */
export function MediaIcons({ media, mutedForAll }: { readonly media: MediaState; readonly mutedForAll: boolean }) {
  const heard = media.microphone === 'on' && !mutedForAll
  return (
    <>
      {heard ? (
        <Mic size={15} role="img" aria-label={text.people.microphoneOn} className="shrink-0" />
      ) : (
        <MicOff
          size={15}
          role="img"
          aria-label={mutedForAll ? roomText.mutedForAll : sourceWords(media.microphone, 'microphone')}
          className={cx('shrink-0', mutedForAll && 'text-danger-ink')}
        />
      )}
      {media.camera === 'on' ? (
        <Video size={15} role="img" aria-label={text.people.cameraOn} className="shrink-0" />
      ) : (
        <VideoOff size={15} role="img" aria-label={sourceWords(media.camera, 'camera')} className="shrink-0" />
      )}
      {media.screen === 'on' && (
        <MonitorUp size={15} role="img" aria-label={text.people.sharing} className="shrink-0 text-accent" />
      )}
    </>
  )
}

function sourceWords(state: SourceState, source: 'microphone' | 'camera'): string {
  if (source === 'microphone') return state === 'none' ? text.people.microphoneNone : text.people.microphoneOff
  return state === 'none' ? text.people.cameraNone : text.people.cameraOff
}
