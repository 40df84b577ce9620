import { useId, type ReactNode } from 'react'
import { cx } from './cx.ts'

export interface RadioChoice<T extends string> {
  readonly id: T
  readonly label: string
  readonly note: string
}

/** Exclusive choices, each with a sentence: the browser's own radio buttons, arrow keys and all. */
export function RadioGroup<T extends string>({
  legend,
  choices,
  chosen,
  choose,
}: {
  readonly legend: string
  readonly choices: readonly RadioChoice<T>[]
  readonly chosen: T
  readonly choose: (id: T) => void
}) {
  const name = useId()
  return (
    <fieldset>
      <legend className="mb-1 text-[0.8125rem] text-faint">{legend}</legend>
      {choices.map(({ id, label, note }) => (
        <Row
          key={id}
          label={label}
          note={note}
          control={(described) => (
            <input
              type="radio"
              name={name}
              value={id}
              checked={id === chosen}
              aria-describedby={described}
              onChange={() => choose(id)}
              className="mt-0.5 size-4.5 shrink-0 accent-accent"
            />
          )}
        />
      ))}
    </fieldset>
  )
}

/** On or off, with a sentence. */
export function Switch({
  label,
  note,
  on,
  toggle,
}: {
  readonly label: string
  readonly note: string
  readonly on: boolean
  readonly toggle: (on: boolean) => void
}) {
  return (
    <Row
      label={label}
      note={note}
      control={(described) => (
        <span className="relative mt-0.5 inline-flex shrink-0">
          <input
            type="checkbox"
            role="switch"
            checked={on}
            aria-describedby={described}
            onChange={(event) => toggle(event.currentTarget.checked)}
            className="peer h-5 w-9 cursor-pointer appearance-none rounded-full bg-edge transition-colors duration-100 checked:bg-accent"
          />
          <span
            aria-hidden
            className="pointer-events-none absolute top-0.5 left-0.5 size-4 rounded-full bg-surface transition-transform duration-100 peer-checked:translate-x-4"
          />
        </span>
      )}
    />
  )
}

function Row({
  label,
  note,
  control,
}: {
  readonly label: string
  readonly note: string
  readonly control: (described: string) => ReactNode
}) {
  const id = useId()
  return (
    <div className="-mx-2.5">
      <label
        className={cx(
          'flex cursor-pointer items-start gap-3 rounded-control px-2.5 py-2 transition-colors duration-100',
          'hover:bg-hover',
        )}
      >
        {control(id)}
        <span className="min-w-0">
          <span className="block text-[0.9375rem] leading-snug font-medium">{label}</span>
          <span id={id} aria-hidden className="mt-0.5 block text-[0.8125rem] text-soft">
            {note}
          </span>
        </span>
      </label>
    </div>
  )
}
