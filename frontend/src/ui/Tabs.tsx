import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { cx } from './cx.ts'

export interface Tab<T extends string> {
  readonly id: T
  readonly label: string
  /** How much waits there. */
  readonly count?: number
  /** Said of the count by a screen reader. */
  readonly countWords?: string
}

/** Parts of one page of which one shows: arrow keys move between them, as everywhere. */
export function Tabs<T extends string>({
  label,
  tabs,
  chosen,
  choose,
  children,
}: {
  readonly label: string
  readonly tabs: readonly Tab<T>[]
  readonly chosen: T
  readonly choose: (id: T) => void
  readonly children: ReactNode
}) {
  const base = useId()
  const list = useRef<HTMLDivElement>(null)
  const move = (event: KeyboardEvent): void => {
    const index = tabs.findIndex(({ id }) => id === chosen)
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: index + 1,
      ArrowLeft: index - 1,
      Home: 0,
      End: tabs.length - 1,
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = tabs.at(step % tabs.length)
    if (!next) return
    choose(next.id)
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus()
  }
  return (
    <>
      <div ref={list} role="tablist" aria-label={label} className="flex gap-1 overflow-x-auto border-b border-line">
        {tabs.map(({ id, label: words, count, countWords }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${base}-${id}`}
            data-tab={id}
            aria-selected={id === chosen}
            aria-controls={`${base}-panel`}
            tabIndex={id === chosen ? 0 : -1}
            onClick={() => choose(id)}
            onKeyDown={move}
            className={cx(
              '-mb-px flex h-11 shrink-0 items-center gap-2 border-b-2 px-3 text-[0.9375rem] font-medium transition-colors duration-100 focus-visible:-outline-offset-2',
              id === chosen ? 'border-accent text-ink' : 'border-transparent text-soft hover:text-ink',
            )}
          >
            {words}
            {count ? (
              <span className="flex h-5 min-w-5 items-center justify-center rounded-full bg-accent px-1.5 text-[0.75rem] font-semibold text-on-accent tabular-nums">
                <span aria-hidden>{count}</span>
                <span className="sr-only">{countWords}</span>
              </span>
            ) : null}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${base}-panel`} aria-labelledby={`${base}-${chosen}`} className="pt-5">
        {children}
      </div>
    </>
  )
}
