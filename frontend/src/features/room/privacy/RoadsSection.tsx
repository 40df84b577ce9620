import { useId } from 'react'
import type { RoadView } from '@p2pigeon/core'
import { RadioGroup } from '../../../ui/index.ts'
import { text } from '../../../text/index.ts'
import { roadNames, type RoadChoice } from '../../../session/index.ts'

export interface RoadsSectionProps {
  readonly roads: readonly RoadView[]
  readonly chosen: RoadChoice
  readonly choose: (road: RoadChoice) => void
}

/** By which roads people are found here, how each stands, and the choice to use one alone. */
export function RoadsSection({ roads, chosen, choose }: RoadsSectionProps) {
  const words = text.privacy.panel.roads
  const heading = useId()
  const known = roadNames.filter((name) => roads.some((road) => road.name === name))
  return (
    <section aria-labelledby={heading} className="mt-5">
      <h3 id={heading} className="mb-1 px-1 text-[0.8125rem] font-medium text-faint">
        {words.heading}
      </h3>
      <p className="px-1 text-[0.8125rem] text-soft">{words.intro}</p>
      <ul className="mt-2 divide-y divide-line rounded-control px-3 inset-ring inset-ring-line">
        {roads.map((road) => (
          <li
            key={road.name}
            data-road={road.name}
            data-state={stateOf(road)}
            className="flex items-start gap-2.5 py-2"
          >
            <Dot road={road} />
            <div className="min-w-0">
              <p className="text-[0.9375rem] leading-snug font-medium">{words.titles[road.name]}</p>
              <p className="text-[0.8125rem] wrap-anywhere text-soft">{lineOf(road)}</p>
            </div>
          </li>
        ))}
      </ul>
      {known.length > 1 && (
        <div className="mt-3 px-1">
          <RadioGroup<RoadChoice>
            legend={words.choice}
            chosen={chosen === 'automatic' || known.includes(chosen) ? chosen : 'automatic'}
            choose={choose}
            choices={[
              { id: 'automatic', ...words.automatic },
              ...known.map((name) => ({ id: name, label: words.only(words.names[name]), note: words.onlyNote })),
            ]}
          />
        </div>
      )}
    </section>
  )
}

function stateOf({ state, inUse }: RoadView): 'ready' | 'connecting' | 'waiting' | 'closed' | 'unused' {
  return inUse ? state.kind : 'unused'
}

function lineOf(road: RoadView): string {
  const words = text.privacy.panel.roads
  const state = words.states[stateOf(road)]
  return road.inUse && road.state.kind === 'ready' && road.host ? words.through(state, road.host) : state
}

/** The words beside it say the same. */
function Dot({ road }: { readonly road: RoadView }) {
  const tone = { ready: 'bg-good', connecting: 'bg-edge', waiting: 'bg-danger', closed: 'bg-edge', unused: 'bg-sunken' }
  return <span aria-hidden className={`mt-1.5 size-2.5 shrink-0 rounded-full ${tone[stateOf(road)]}`} />
}
