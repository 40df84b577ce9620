import { useState } from 'react'
import { Check, X } from 'lucide-react'
import type { ComparisonView, ParticipantView } from '@p2pigeon/core'
import { Banner, Button, Spinner } from '../../../ui/index.ts'
import { symbols, text } from '../../../text/index.ts'

export interface VerifyPanelProps {
  readonly comparison: ComparisonView
  readonly participants: readonly ParticipantView[]
  readonly verified: boolean
  readonly confirm: () => void
}

/** The seven emoji of the room, and of each pair. */
export function VerifyPanel({ comparison, participants, verified, confirm }: VerifyPanelProps) {
  const words = text.authority.verify
  return (
    <div className="min-h-0 flex-1 overflow-y-auto p-4">
      {comparison.kind === 'alone' && <p className="text-[0.875rem] text-soft">{words.alone}</p>}
      {comparison.kind === 'settling' && (
        <p className="flex items-center gap-2.5 text-[0.875rem] text-soft">
          <Spinner /> {words.settling}
        </p>
      )}
      {comparison.kind === 'differs' && (
        <Banner tone="fault" title={words.differsTitle}>
          {words.differsBody(namesOf(comparison.with, participants))}
        </Banner>
      )}
      {comparison.kind === 'agreed' && (
        <Agreed
          key={comparison.room.join()}
          comparison={comparison}
          participants={participants}
          verified={verified}
          confirm={confirm}
        />
      )}
    </div>
  )
}

interface AgreedProps extends Omit<VerifyPanelProps, 'comparison'> {
  readonly comparison: Extract<ComparisonView, { kind: 'agreed' }>
}

function Agreed({ comparison, participants, verified, confirm }: AgreedProps) {
  const words = text.authority.verify
  const [mismatch, setMismatch] = useState(false)
  return (
    <>
      <p className="text-[0.875rem] text-soft">{words.how}</p>
      <Code indices={comparison.room} />
      {mismatch ? (
        <div role="alert">
          <Banner tone="fault" title={words.mismatchTitle}>
            {words.mismatchBody}
          </Banner>
        </div>
      ) : verified ? (
        <p className="flex items-start gap-2 text-[0.875rem] text-good">
          <Check size={18} aria-hidden className="mt-0.5 shrink-0" /> {words.verified}
        </p>
      ) : (
        <div className="flex flex-wrap gap-2">
          <Button tone="primary" size="small" onClick={confirm}>
            <Check size={16} aria-hidden /> {words.match}
          </Button>
          <Button size="small" onClick={() => setMismatch(true)}>
            <X size={16} aria-hidden /> {words.noMatch}
          </Button>
        </div>
      )}
      {participants.length > 1 && (
        <>
          <h3 className="mt-6 mb-1 text-[0.8125rem] font-semibold text-faint">{words.pairs}</h3>
          <ul className="divide-y divide-line">
            {participants.map(({ peerId, name }) => {
              const code = comparison.pairs.get(peerId)
              return (
                code && (
                  <li key={peerId} className="py-2.5">
                    <bdi className="font-medium">{name}</bdi>
                    <p className="mt-0.5 text-[1.125rem]" aria-label={code.map(wordOf).join(', ')} role="img">
                      {code.map((index) => symbols[index]?.[0]).join(' ')}
                    </p>
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

function Code({ indices }: { readonly indices: readonly number[] }) {
  return (
    <ol className="my-4 grid grid-cols-4 gap-x-1 gap-y-3">
      {indices.map((index, place) => (
        <li key={place} className="flex flex-col items-center gap-1 text-center">
          <span aria-hidden className="text-[1.875rem] leading-none">
            {symbols[index]?.[0]}
          </span>
          <span className="text-[0.75rem] text-soft">{wordOf(index)}</span>
        </li>
      ))}
    </ol>
  )
}

function wordOf(index: number): string {
  return symbols[index]?.[1] ?? ''
}

function namesOf(ids: readonly string[], participants: readonly ParticipantView[]): string {
  const names = participants.filter(({ peerId }) => ids.includes(peerId)).map(({ name }) => name)
  return names.length === 0 ? text.common.guest : names.join(', ')
}
