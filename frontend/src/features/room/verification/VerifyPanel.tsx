import { useRef } from 'react'
import { Check, X } from 'lucide-react'
import type { ComparisonView, ParticipantView, PeerId } from '@p2pigeon/core'
import { Banner, Button, Spinner } from '../../../ui/index.ts'
import { roomText, symbols } from '../../../text/room/index.ts'
import type { Alarm } from './alarms.ts'
import { isCompared, verdictOn, type Marks } from './marks.ts'
import { PairCode } from './PairCode.tsx'

export interface VerifyPanelProps {
  readonly comparison: ComparisonView
  readonly marks: Marks
  readonly alarms: readonly Alarm[]
  readonly participants: readonly ParticipantView[]
  readonly confirm: () => void
  readonly deny: () => void
  readonly confirmPair: (peerId: PeerId) => void
}

/** All that is known of whether somebody stands between: what is wrong, the seven emoji of the room, and those of each pair. */
export function VerifyPanel(props: VerifyPanelProps) {
  const { comparison, alarms } = props
  const words = roomText.verify
  return (
    <div className="min-h-0 flex-1 overflow-y-auto p-4">
      {alarms.length > 0 && (
        <div className="mb-4 grid gap-2">
          {alarms.map(({ key, title, body }) => (
            <Banner key={key} tone="fault" title={title}>
              {body}
            </Banner>
          ))}
        </div>
      )}
      {comparison.kind === 'alone' && <p className="text-[0.875rem] text-soft">{words.alone}</p>}
      {comparison.kind === 'settling' && (
        <p className="flex items-center gap-2.5 text-[0.875rem] text-soft">
          <Spinner /> {words.settling}
        </p>
      )}
      {comparison.kind === 'agreed' && <Agreed {...props} comparison={comparison} />}
    </div>
  )
}

interface AgreedProps extends VerifyPanelProps {
  readonly comparison: Extract<ComparisonView, { kind: 'agreed' }>
}

function Agreed({ comparison, marks, participants, confirm, deny, confirmPair }: AgreedProps) {
  const words = roomText.verify
  const verdict = verdictOn(comparison, marks)
  const question = useRef<HTMLParagraphElement>(null)
  /** The button that says it goes; the keyboard stays. */
  const answer = (say: () => void): void => {
    say()
    question.current?.focus()
  }
  return (
    <>
      <p ref={question} tabIndex={-1} className="font-medium outline-none">
        {words.ask}
      </p>
      <Code indices={comparison.room} />
      {verdict === 'verified' ? (
        <p className="flex items-start gap-2 text-[0.875rem] text-good">
          <Check size={18} aria-hidden className="mt-0.5 shrink-0" /> {words.verified}
        </p>
      ) : (
        <div className="grid gap-2">
          <Button tone={verdict === 'differs' ? 'plain' : 'primary'} size="small" onClick={() => answer(confirm)}>
            <Check size={16} aria-hidden /> {words.match}
          </Button>
          {verdict !== 'differs' && (
            <Button size="small" onClick={() => answer(deny)}>
              <X size={16} aria-hidden /> {words.noMatch}
            </Button>
          )}
        </div>
      )}
      {verdict !== 'verified' && <p className="mt-4 text-[0.8125rem] text-soft">{words.how}</p>}
      {participants.length > 1 && (
        <>
          <h3 className="mt-6 mb-1 text-[0.8125rem] font-semibold text-soft">{words.pairs}</h3>
          <ul className="divide-y divide-line">
            {participants.map(({ peerId, name }) => {
              const code = comparison.pairs.get(peerId)
              const compared = isCompared(comparison, marks, peerId)
              return (
                code && (
                  <li key={peerId} className="py-2.5">
                    <div className="mb-1 flex min-h-9 items-center justify-between gap-2">
                      <bdi className="min-w-0 truncate font-medium">{name}</bdi>
                      <PairMark name={name} compared={compared} confirm={() => confirmPair(peerId)} />
                    </div>
                    <PairCode code={code} />
                  </li>
                )
              )
            })}
          </ul>
        </>
      )}
    </>
  )
}

/** Whether two people have compared, or the way to say that they have. */
export function PairMark({
  name,
  compared,
  confirm,
}: {
  readonly name: string
  readonly compared: boolean
  readonly confirm: () => void
}) {
  const words = roomText.verify
  const place = useRef<HTMLDivElement>(null)
  return (
    <div ref={place} tabIndex={-1} className="shrink-0 outline-none">
      {compared ? (
        <p className="flex items-center gap-1.5 text-[0.8125rem] font-medium text-good">
          <Check size={16} aria-hidden /> {words.short.verified}
        </p>
      ) : (
        <Button
          size="small"
          aria-label={words.pairMatch(name)}
          onClick={() => {
            confirm()
            place.current?.focus()
          }}
        >
          {words.pairMatchShort}
        </Button>
      )}
    </div>
  )
}

function Code({ indices }: { readonly indices: readonly number[] }) {
  return (
    <ol className="my-4 grid grid-cols-4 gap-x-1 gap-y-3 rounded-control bg-sunken px-1 py-3.5">
      {indices.map((index, place) => (
        <li key={place} className="flex flex-col items-center gap-1 text-center">
          <span aria-hidden className="text-[1.875rem] leading-none">
            {symbols[index]?.[0]}
          </span>
          <span className="text-[0.75rem] text-soft">{symbols[index]?.[1]}</span>
        </li>
      ))}
    </ol>
  )
}
