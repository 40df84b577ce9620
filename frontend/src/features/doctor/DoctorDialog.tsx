import { useEffect, useRef, useState } from 'react'
import { CircleCheck, CircleMinus, CircleX, Copy, TriangleAlert } from 'lucide-react'
import type { PrivacyLevel } from '@p2pigeon/core'
import type { Finding, RungName, RungResult, Verdict } from '@p2pigeon/core/doctor'
import { useReadable } from '../../state/index.ts'
import { useSession } from '../../session/index.ts'
import { Button, cx, Modal, Spinner } from '../../ui/index.ts'
import { text } from '../../text/index.ts'
import { DoctorViewModel, rungOrder, rungsOf, rungWords, type CheckState, type CopyState } from './doctor-view-model.ts'

export interface DoctorDialogProps {
  /** Of the room: it decides what a failure means. */
  readonly privacy: PrivacyLevel
  readonly close: () => void
}

/** The connection check, begun as soon as it opens. */
export function DoctorDialog({ privacy, close }: DoctorDialogProps) {
  const session = useSession()
  const [model] = useState(
    () =>
      new DoctorViewModel({
        privacy,
        load: () => session.doctor(),
        copy: async (words) => navigator.clipboard.writeText(words),
      }),
  )
  useEffect(() => model.start(), [model])
  const state = useReadable(model.state)
  const copied = useReadable(model.copied)
  const rungs = rungsOf(state)
  return (
    <Modal title={text.doctor.title} close={close} wide>
      <div role="status" className="mt-3">
        <Outcome state={state} />
      </div>
      {state.kind !== 'broken' && (
        <>
          <h3 className="mt-5 mb-1 text-[0.8125rem] font-medium text-faint">{text.doctor.steps}</h3>
          <ol className="divide-y divide-line">
            {rungOrder.map((name) => (
              <Rung key={name} name={name} result={rungs[name]} />
            ))}
          </ol>
        </>
      )}
      {copied === 'refused' && state.kind === 'done' && <Report report={state.report} />}
      {state.kind === 'done' && <p className="mt-4 text-[0.8125rem] text-faint">{copyWords(copied)}</p>}
      <form method="dialog" className="mt-3 flex flex-wrap justify-end gap-2.5">
        <Button type="submit">{text.doctor.done}</Button>
        {state.kind !== 'running' && <Button onClick={() => model.again()}>{text.doctor.again}</Button>}
        {state.kind === 'done' && (
          <Button onClick={() => void model.copyReport()}>
            <Copy size={16} aria-hidden /> {text.doctor.copy}
          </Button>
        )}
      </form>
    </Modal>
  )
}

function Outcome({ state }: { readonly state: CheckState }) {
  switch (state.kind) {
    case 'running':
      return (
        <p className="flex items-center gap-3 rounded-control bg-sunken px-3.5 py-3 text-soft">
          <Spinner /> {text.doctor.running}
        </p>
      )
    case 'broken':
      return <p className="rounded-control bg-danger-soft px-3.5 py-3 text-danger-ink">{text.doctor.broken}</p>
    case 'done':
      return <Findings verdict={state.verdict} />
  }
}

const looks: Readonly<Record<Finding['level'], string>> = {
  good: 'bg-accent-soft text-ink',
  limited: 'bg-warn-soft text-warn-ink',
  blocked: 'bg-danger-soft text-danger-ink',
}

function Findings({ verdict }: { readonly verdict: Verdict }) {
  const words = text.doctor.verdicts[verdict.code]
  const { title, body } = words
  const ask = 'ask' in words ? words.ask : undefined
  const Icon = verdict.level === 'good' ? CircleCheck : verdict.level === 'limited' ? TriangleAlert : CircleX
  return (
    <div className={cx('appear flex gap-3 rounded-control px-3.5 py-3', looks[verdict.level])}>
      <Icon size={20} aria-hidden className={cx('mt-0.5 shrink-0', verdict.level === 'good' && 'text-good')} />
      <div className="min-w-0 text-[0.9375rem]">
        <p className="font-semibold">
          <span className="sr-only">{text.doctor.levels[verdict.level]}: </span>
          {title}
        </p>
        <p className="mt-0.5 text-[0.875rem]">{body}</p>
        {ask && (
          <p className="mt-2 text-[0.875rem]">
            <strong className="font-semibold">{text.doctor.ask}:</strong> {ask}
          </p>
        )}
        {verdict.also.length > 0 && (
          <p className="mt-2 text-[0.875rem]">
            <strong className="font-semibold">{text.doctor.also}:</strong>{' '}
            {verdict.also.map(({ code }) => text.doctor.verdicts[code].title).join('. ')}.
          </p>
        )}
      </div>
    </div>
  )
}

function Rung({ name, result }: { readonly name: RungName; readonly result: RungResult | undefined }) {
  const words = text.doctor.rungs[name]
  return (
    <li className="flex min-h-11 items-center gap-3 py-1.5">
      <RungIcon result={result} />
      <span className="min-w-0 flex-1 leading-tight">
        {words.name} <span className="text-[0.8125rem] whitespace-nowrap text-faint">{words.detail}</span>
      </span>
      <span
        className={cx(
          'shrink-0 text-right text-[0.8125rem] tabular-nums',
          result?.kind === 'failed' ? 'font-medium text-danger-ink' : 'text-soft',
        )}
      >
        {rungWords(result)}
      </span>
    </li>
  )
}

function RungIcon({ result }: { readonly result: RungResult | undefined }) {
  switch (result?.kind) {
    case undefined:
      return (
        <span aria-hidden className="flex size-5 shrink-0 items-center justify-center text-faint">
          <Spinner />
        </span>
      )
    case 'passed':
      return <CircleCheck size={20} aria-hidden className="shrink-0 text-good" />
    case 'failed':
      return <CircleX size={20} aria-hidden className="shrink-0 text-danger-ink" />
    case 'skipped':
      return <CircleMinus size={20} aria-hidden className="shrink-0 text-faint" />
  }
}

/** The report to be copied by hand. */
function Report({ report }: { readonly report: string }) {
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => field.current?.select(), [])
  return (
    <textarea
      ref={field}
      readOnly
      aria-label={text.doctor.report}
      value={report}
      rows={8}
      className="mt-3 w-full rounded-control bg-sunken p-3 font-mono text-[0.75rem] text-ink inset-ring inset-ring-edge"
    />
  )
}

function copyWords(copied: CopyState): string {
  switch (copied) {
    case 'not-copied':
      return text.doctor.reportNote
    case 'copied':
      return text.doctor.copied
    case 'refused':
      return text.doctor.copyFailed
  }
}
