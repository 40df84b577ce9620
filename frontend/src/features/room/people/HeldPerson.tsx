import { useState } from 'react'
import { ShieldX } from 'lucide-react'
import type { ShownIdentity } from '../../../session/index.ts'
import { Button } from '../../../ui/index.ts'
import { roomText } from '../../../text/room/index.ts'
import { Question } from '../Question.tsx'

/** Somebody kept apart because their keys are not those this user knew: what changed, how to compare, and the way to accept. */
export function HeldPerson({
  name,
  shown,
  accept,
}: {
  readonly name: string
  readonly shown: ShownIdentity | undefined
  readonly accept: () => void
}) {
  const words = roomText.held
  const [asking, setAsking] = useState(false)
  const change = shown?.kind === 'changed' ? shown.change : undefined
  const known = shown?.kind === 'changed' ? shown.petname : name
  return (
    <li className="mx-3 my-1.5 rounded-control bg-danger-soft px-3.5 py-3 text-[0.875rem] text-danger-ink inset-ring inset-ring-danger">
      <p className="flex items-start gap-2 font-semibold">
        <ShieldX size={18} aria-hidden className="mt-0.5 shrink-0" />
        {words.changed(known)}
      </p>
      <p className="mt-1">{words.body}</p>
      {change && (
        <ul className="mt-2 list-disc pl-5">
          {change.replacesIdentity && <li>{words.replaced}</li>}
          {change.addedDevices.map((device) => (
            <li key={`+${device}`}>{words.added(device)}</li>
          ))}
          {change.removedDevices.map((device) => (
            <li key={`-${device}`}>{words.removed(device)}</li>
          ))}
        </ul>
      )}
      <Button size="small" className="mt-2.5" onClick={() => setAsking(true)}>
        {words.review}
      </Button>
      {asking && (
        <Question
          title={words.acceptTitle(known)}
          body={change ? words.acceptAsk(known) : words.acceptAskUnknown(known)}
          yes={words.acceptYes}
          act={accept}
          close={() => setAsking(false)}
        >
          {change && (
            <p
              aria-label={words.number}
              className="mt-3 grid grid-cols-4 gap-x-3 gap-y-1 rounded-control bg-sunken px-4 py-3 text-center font-mono text-[1rem] tabular-nums"
            >
              {groupsOf(change.safetyNumber).map((group, index) => (
                <span key={index}>{group}</span>
              ))}
            </p>
          )}
        </Question>
      )}
    </li>
  )
}

const groupLength = 5

function groupsOf(digits: string): readonly string[] {
  return digits.match(new RegExp(`.{1,${groupLength}}`, 'g')) ?? []
}
