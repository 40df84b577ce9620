import { useEffect, useRef, useState, type ReactNode } from 'react'
import { Activity, Eye, EyeOff, Handshake, MessageSquare, Radio, Route, Waypoints } from 'lucide-react'
import type { ExposureParty, ParticipantView, RoomPolicy } from '@p2pigeon/core'
import { useReadable } from '../../../state/index.ts'
import { Avatar, cx, Spinner } from '../../../ui/index.ts'
import { constantRateKilobits, text } from '../../../text/index.ts'
import { RoadsSection, type RoadsSectionProps } from './RoadsSection.tsx'
import { cardsOf, ExposureViewModel, type ExposureCard, type ExposurePorts } from './exposure-view-model.ts'

export interface ExposurePanelProps extends ExposurePorts, RoadsSectionProps {
  readonly policy: RoomPolicy
  readonly participants: readonly ParticipantView[]
}

/** What each party can learn in this call, from its present connections. */
export function ExposurePanel({ policy, participants, roads, chosen, choose, ...ports }: ExposurePanelProps) {
  const [model] = useState(() => new ExposureViewModel(ports))
  useEffect(() => model.start(), [model])
  const state = useReadable(model.state)
  const connected = participants.filter(({ connection }) => connection.kind === 'connected').length
  const roadOf = new Map(participants.map(({ peerId, road }) => [peerId, road]))
  const top = useRef<HTMLDivElement>(null)
  useEffect(() => top.current?.focus(), [])
  return (
    // A region that scrolls takes the focus, so that the keyboard reaches all of it.
    <div ref={top} tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto px-3 pb-4 outline-none">
      <Level policy={policy} connected={connected} />
      {state.kind === 'loading' && (
        <p className="flex items-center gap-2.5 px-1 py-6 text-[0.875rem] text-soft">
          <Spinner /> {text.privacy.panel.loading}
        </p>
      )}
      {state.kind === 'failed' && <p className="px-1 py-6 text-[0.875rem] text-soft">{text.privacy.panel.failed}</p>}
      {state.kind === 'known' && <Parties cards={cardsOf(state.exposure, roadOf)} />}
      <RoadsSection roads={roads} chosen={chosen} choose={choose} />
    </div>
  )
}

function Level({ policy, connected }: { readonly policy: RoomPolicy; readonly connected: number }) {
  const level = text.privacy.levels[policy.privacy]
  return (
    <div className="my-3 rounded-control bg-accent-soft px-3.5 py-3 text-[0.8125rem]">
      <p className="text-[0.9375rem] font-semibold">{level.name}</p>
      <p className="mt-0.5 text-soft">{level.sentence}</p>
      {policy.constantRate && (
        <div className="mt-2.5 border-t border-line pt-2.5">
          <p className="flex items-center gap-2 font-semibold">
            <Activity size={15} aria-hidden /> {text.privacy.constantRate.name}
          </p>
          <p className="mt-0.5 text-soft">
            {text.privacy.constantRate.short}{' '}
            {text.privacy.constantRate.running(connected, constantRateKilobits(connected))}
          </p>
        </div>
      )}
      <p className="mt-2.5 flex items-start gap-2 border-t border-line pt-2.5 text-soft">
        <MessageSquare size={15} aria-hidden className="mt-0.5 shrink-0" />
        {policy.keepChat ? text.privacy.keepChat.kept : text.privacy.keepChat.notKept}
      </p>
    </div>
  )
}

function Parties({ cards }: { readonly cards: readonly ExposureCard[] }) {
  const people = cards.filter(({ kind }) => kind === 'participant')
  const services = cards.filter(({ kind }) => kind !== 'participant')
  if (cards.length === 0) return <p className="px-1 py-6 text-[0.875rem] text-soft">{text.privacy.panel.empty}</p>
  return (
    <>
      <p className="px-1 text-[0.8125rem] text-faint">{text.privacy.panel.intro}</p>
      <Group title={text.privacy.panel.people} cards={people} />
      <Group title={text.privacy.panel.services} cards={services} />
    </>
  )
}

function Group({ title, cards }: { readonly title: string; readonly cards: readonly ExposureCard[] }) {
  if (cards.length === 0) return null
  return (
    <section aria-label={title} className="mt-4">
      <h3 className="mb-2 px-1 text-[0.8125rem] font-medium text-faint">{title}</h3>
      <ul className="grid grid-cols-[minmax(0,1fr)] gap-2.5">
        {cards.map((card) => (
          <Card key={card.key} card={card} />
        ))}
      </ul>
    </section>
  )
}

function Card({ card }: { readonly card: ExposureCard }) {
  return (
    <li aria-label={card.title} className="rounded-control px-3 pt-2.5 pb-2 inset-ring inset-ring-line">
      <div className="flex items-center gap-2.5">
        <PartyIcon card={card} />
        <div className="min-w-0 flex-1">
          <p className="truncate leading-tight font-medium">
            <bdi>{card.title}</bdi>
          </p>
          <p className="text-[0.8125rem] leading-snug wrap-anywhere text-soft">{card.line}</p>
        </div>
      </div>
      {card.purpose && <p className="mt-1.5 text-[0.8125rem] text-soft">{card.purpose}</p>}
      <dl className="mt-2 divide-y divide-line text-[0.8125rem]">
        {card.rows.map(({ what, answer, learns }) => (
          <div key={what} className="flex items-baseline justify-between gap-4 py-1.5">
            <dt className="text-soft">{what}</dt>
            <dd className={cx('flex items-baseline gap-1.5 text-right', learns ? 'font-medium' : 'text-soft')}>
              {answer}
              {learns ? (
                <Eye size={14} aria-hidden className="shrink-0 self-center" />
              ) : (
                <EyeOff size={14} aria-hidden className="shrink-0 self-center text-faint" />
              )}
            </dd>
          </div>
        ))}
      </dl>
    </li>
  )
}

const icons: Readonly<Record<Exclude<ExposureParty['kind'], 'participant'>, ReactNode>> = {
  turn: <Route size={18} aria-hidden />,
  stun: <Radio size={18} aria-hidden />,
  carrier: <Waypoints size={18} aria-hidden />,
  introducer: <Handshake size={18} aria-hidden />,
}

function PartyIcon({ card }: { readonly card: ExposureCard }) {
  if (card.kind === 'participant') {
    return <Avatar name={card.title} seed={card.key} className="size-9 text-[0.8125rem]" />
  }
  return (
    <span className="flex size-9 shrink-0 items-center justify-center rounded-full bg-sunken text-soft">
      {icons[card.kind]}
    </span>
  )
}
