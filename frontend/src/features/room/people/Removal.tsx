import { useState } from 'react'
import type { ParticipantView } from '@p2pigeon/core'
import { Switch } from '../../../ui/index.ts'
import { text } from '../../../text/index.ts'
import { Question } from './Question.tsx'

/** Asks before somebody is removed, and whether for good. */
export function Removal({
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
