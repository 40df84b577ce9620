import { useEffect, useRef, useState } from 'react'
import type { ParticipantView, PeerId, RoomView, SelfView } from '@p2pigeon/core'
import type { ShownIdentity } from '../../../session/index.ts'
import { text } from '../../../text/index.ts'
import { mutedWords } from '../announcements.ts'
import type { DeedKey } from '../pending-deeds.ts'
import type { RoomDeeds } from '../room-deeds.ts'
import type { Marks } from '../verification/index.ts'
import { HeldPerson } from './HeldPerson.tsx'
import { Knocks } from './Knocks.tsx'
import { OwnRow } from './OwnRow.tsx'
import { PersonRow } from './PersonRow.tsx'
import { Removal } from './Removal.tsx'
import { RoomSettings } from './RoomSettings.tsx'

export interface PeoplePanelProps {
  /** With what the devices do now. */
  readonly self: SelfView
  readonly view: RoomView
  readonly marks: Marks
  readonly shown: ReadonlyMap<PeerId, ShownIdentity>
  readonly pending: ReadonlySet<DeedKey>
  readonly deeds: RoomDeeds
  readonly toggleMutedHere: (person: ParticipantView) => void
  readonly confirmPair: (peerId: PeerId) => void
  /** The keys of somebody held apart are good: connects again. */
  readonly accept: (peerId: PeerId) => void
  /** Makes somebody who shows an unknown identity a contact. */
  readonly addContact: (peerId: PeerId) => void
  /** False where there is no long-term identity to show. */
  readonly canPresent: boolean
  readonly togglePresented: () => void
}

/** Everyone in the room and at its door: who they are, how they are reached, what they send, and what one can do about it. */
export function PeoplePanel(props: PeoplePanelProps) {
  const { self, view, marks, shown, pending, deeds } = props
  const [asking, setAsking] = useState<ParticipantView>()
  const list = useRef<HTMLUListElement>(null)
  /** Where the keyboard goes when what had it is gone. */
  const focusList = (): void => list.current?.focus({ preventScroll: true })
  useEffect(() => list.current?.focus({ preventScroll: true }), [])
  const decides = self.role !== 'member'
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      {view.knocks.length > 0 && <Knocks knocks={view.knocks} pending={pending} deeds={deeds} decided={focusList} />}
      {decides && <RoomSettings entry={view.entry} isHost={self.role === 'host'} pending={pending} deeds={deeds} />}
      <ul ref={list} tabIndex={-1} className="py-2 outline-none">
        {view.held.map(({ peerId, name }) => (
          <HeldPerson key={peerId} name={name} shown={shown.get(peerId)} accept={() => props.accept(peerId)} />
        ))}
        <OwnRow
          self={self}
          mutedBy={self.mutedForAll ? mutedWords(view) : undefined}
          canPresent={props.canPresent}
          togglePresented={props.togglePresented}
        />
        {view.participants.map((person) => (
          <PersonRow
            key={person.peerId}
            person={person}
            ownRole={self.role}
            entry={view.entry}
            shown={shown.get(person.peerId)}
            comparison={view.comparison}
            marks={marks}
            pending={pending}
            deeds={deeds}
            toggleMutedHere={props.toggleMutedHere}
            confirmPair={props.confirmPair}
            addContact={props.addContact}
            askToRemove={setAsking}
          />
        ))}
        {view.participants.length === 0 && (
          <li className="px-4 py-3 text-[0.875rem] text-faint">{text.people.alone}</li>
        )}
      </ul>
      {asking && (
        <Removal
          person={asking}
          kick={(person, ban) => deeds.kick(person, ban)}
          close={(removed) => {
            setAsking(undefined)
            if (removed) focusList()
          }}
        />
      )}
    </div>
  )
}
