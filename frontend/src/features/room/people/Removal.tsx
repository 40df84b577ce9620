import { useRef, useState } from 'react'
import type { ParticipantView } from '@p2pigeon/core'
import { Switch } from '../../../ui/index.ts'
import { roomText } from '../../../text/room/index.ts'
import { Question } from '../Question.tsx'

/** Asks before somebody is removed, and whether for good. */
export function Removal({
  person,
  kick,
  close,
}: {
  readonly person: ParticipantView
  readonly kick: (person: ParticipantView, ban: boolean) => void
  readonly close: (removed: boolean) => void
}) {
  const [ban, setBan] = useState(false)
  const removed = useRef(false)
  return (
    <Question
      title={roomText.remove(person.name)}
      body={roomText.removeAsk(person.name)}
      yes={roomText.removeYes}
      danger
      act={() => {
        removed.current = true
        kick(person, ban)
      }}
      close={() => close(removed.current)}
    >
      <div className="mt-3">
        <Switch label={roomText.removeBan(person.name)} note={roomText.removeBanNote} on={ban} toggle={setBan} />
      </div>
    </Question>
  )
}
