import { useId, useState } from 'react'
import {
  ChevronDown,
  Ellipsis,
  FileLock,
  FilePen,
  Hand,
  Mic,
  MicOff,
  ShieldMinus,
  ShieldPlus,
  UserMinus,
  UserPlus,
  Volume2,
  VolumeX,
} from 'lucide-react'
import type { ComparisonView, ParticipantView, PeerId, Role, RoomView } from '@p2pigeon/core'
import type { ShownIdentity } from '../../../session/index.ts'
import { Avatar, Button, cx, IconButton } from '../../../ui/index.ts'
import { ActionMenu, Tooltip, type Action } from '../../../ui/overlays/index.ts'
import { text } from '../../../text/index.ts'
import { roomText } from '../../../text/room/index.ts'
import type { DeedKey } from '../pending-deeds.ts'
import type { RoomDeeds } from '../room-deeds.ts'
import { isCompared, PairCode, PairMark, type Marks } from '../verification/index.ts'
import { FileRightMark, MediaIcons, RoleBadge, TrustIcon } from './Badges.tsx'
import { mayManage, newsOf, trustIn } from './trust.ts'

export interface PersonRowProps {
  readonly person: ParticipantView
  readonly ownRole: Role
  readonly entry: RoomView['entry']
  readonly shown: ShownIdentity | undefined
  readonly comparison: ComparisonView
  readonly marks: Marks
  readonly pending: ReadonlySet<DeedKey>
  readonly deeds: RoomDeeds
  readonly toggleMutedHere: (person: ParticipantView) => void
  readonly confirmPair: (peerId: PeerId) => void
  readonly addContact: (peerId: PeerId) => void
  readonly askToRemove: (person: ParticipantView) => void
}

/** Somebody else in the room: who it is, what it sends, and what one can do about it. */
export function PersonRow(props: PersonRowProps) {
  const { person, ownRole, entry, shown, comparison, marks, pending, deeds, toggleMutedHere, askToRemove } = props
  const { peerId, name, role } = person
  const [open, setOpen] = useState(false)
  const detail = useId()
  const trust = trustIn({
    shown,
    compared: isCompared(comparison, marks, peerId),
    differs: comparison.kind === 'differs' && comparison.with.includes(peerId),
  })
  const news = newsOf(person, pending)
  const manages = mayManage(ownRole, role)
  return (
    <li className={cx('px-2', pending.has(`kick ${peerId}`) && 'opacity-60')}>
      <div className="flex items-center gap-0.5">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={open ? detail : undefined}
          onClick={() => setOpen(!open)}
          className="flex min-w-0 flex-1 items-center gap-3 rounded-control px-2 py-1.5 text-left transition-colors duration-100 hover:bg-hover"
        >
          <Avatar name={name} seed={peerId} className="size-9 text-[0.8125rem]" />
          <span className="min-w-0 flex-1">
            <span className="flex items-center gap-1.5 leading-snug">
              <bdi className="truncate font-medium">{name}</bdi>
              <ChevronDown
                size={14}
                aria-hidden
                className={cx('shrink-0 text-faint transition-transform duration-100', open && 'rotate-180')}
              />
            </span>
            <span className="flex flex-wrap items-center gap-x-1.5 gap-y-0.5 text-[0.8125rem] text-faint">
              <RoleBadge role={role} />
              <MediaIcons media={person.media} mutedForAll={person.mutedForAll} />
              <FileRightMark right={person.fileRight} words={roomText.files.reader} />
              {trust.level !== 'none' && (
                <span
                  className={cx(
                    'flex min-w-0 items-center gap-1',
                    trust.level === 'alarm' ? 'font-medium text-danger-ink' : trust.level === 'sure' && 'text-good',
                  )}
                >
                  <TrustIcon level={trust.level} />
                  <span className="min-w-0 truncate">{trust.words}</span>
                </span>
              )}
            </span>
            {news && <span className="block text-[0.8125rem] text-warn-ink">{news}</span>}
          </span>
        </button>
        {person.handRaised && (
          <Hand size={18} role="img" aria-label={roomText.handRaised(name)} className="mx-1 shrink-0 text-warn-ink" />
        )}
        <MuteForMe person={person} toggle={() => toggleMutedHere(person)} />
        {manages && (
          <ActionMenu
            trigger={
              <IconButton size="small" label={roomText.manage(name)}>
                <Ellipsis size={18} aria-hidden />
              </IconButton>
            }
            actions={actionsOn(person, ownRole, entry, deeds, () => askToRemove(person))}
          />
        )}
      </div>
      {manages && person.handRaised && person.mutedForAll && (
        <div className="pb-1.5 pl-14">
          <Button size="small" onClick={() => deeds.muteForAll(person, false)}>
            <Mic size={16} aria-hidden /> {roomText.allowToSpeak}
          </Button>
        </div>
      )}
      {open && <Detail {...props} id={detail} words={trust.words} meaning={trust.meaning} />}
    </li>
  )
}

interface DetailProps extends PersonRowProps {
  readonly id: string
  readonly words: string
  readonly meaning: string
}

/** How one can know who this is. */
function Detail({ id, words, meaning, person, shown, comparison, marks, confirmPair, addContact }: DetailProps) {
  const { peerId, name } = person
  const code = comparison.kind === 'agreed' ? comparison.pairs.get(peerId) : undefined
  return (
    <div id={id} className="appear mx-2 mb-2 rounded-control bg-sunken px-3 py-2.5 text-[0.8125rem]">
      <p className="font-semibold">{words}</p>
      <p className="text-soft">{meaning}</p>
      {shown?.kind === 'unknown' && (
        <Button size="small" className="mt-2" onClick={() => addContact(peerId)}>
          <UserPlus size={16} aria-hidden /> {roomText.contact.add(name)}
        </Button>
      )}
      {code ? (
        <>
          <p className="mt-2.5 text-soft">{roomText.verify.pairHow(name)}</p>
          <div className="my-1.5">
            <PairCode code={code} />
          </div>
          <PairMark name={name} compared={isCompared(comparison, marks, peerId)} confirm={() => confirmPair(peerId)} />
        </>
      ) : (
        comparison.kind === 'settling' && <p className="mt-2 text-soft">{roomText.verify.settling}</p>
      )}
    </div>
  )
}

function actionsOn(
  person: ParticipantView,
  own: Role,
  entry: RoomView['entry'],
  deeds: RoomDeeds,
  askToRemove: () => void,
): Action[] {
  const { mutedForAll, role, fileRight } = person
  const actions: Action[] = [
    {
      id: 'mute',
      label: mutedForAll ? roomText.allowToSpeak : roomText.muteAll,
      icon: mutedForAll ? <Mic size={17} /> : <MicOff size={17} />,
      run: () => deeds.muteForAll(person, !mutedForAll),
    },
  ]
  if (fileRight !== 'owner') {
    const isReader = fileRight === 'reader'
    actions.push({
      id: 'files',
      label: isReader ? roomText.files.mayEdit : roomText.files.mayRead,
      // Under another name a reader would come back as anybody.
      ...(!isReader && entry === 'open' && { note: roomText.files.mayReadCloses }),
      icon: isReader ? <FilePen size={17} /> : <FileLock size={17} />,
      run: () => deeds.setFileRight(person, isReader ? 'editor' : 'reader'),
    })
  }
  if (own === 'host') {
    actions.push({
      id: 'cohost',
      label: role === 'cohost' ? roomText.takeCohost : roomText.makeCohost,
      icon: role === 'cohost' ? <ShieldMinus size={17} /> : <ShieldPlus size={17} />,
      run: () => deeds.setCohost(person, role !== 'cohost'),
    })
  }
  return [
    ...actions,
    {
      id: 'remove',
      label: roomText.removeShort,
      icon: <UserMinus size={17} />,
      danger: true,
      run: askToRemove,
    },
  ]
}

function MuteForMe({ person, toggle }: { readonly person: ParticipantView; readonly toggle: () => void }) {
  const label = person.mutedHere ? text.people.unmuteForMe(person.name) : text.people.muteForMe(person.name)
  return (
    <Tooltip text={label}>
      <IconButton size="small" label={label} aria-pressed={person.mutedHere} onClick={toggle}>
        {person.mutedHere ? (
          <VolumeX size={18} aria-hidden className="text-danger-ink" />
        ) : (
          <Volume2 size={18} aria-hidden />
        )}
      </IconButton>
    </Tooltip>
  )
}
