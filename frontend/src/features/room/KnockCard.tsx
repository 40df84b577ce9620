import { DoorOpen } from 'lucide-react'
import type { KnockView } from '@p2pigeon/core'
import { Button } from '../../ui/index.ts'
import { text } from '../../text/index.ts'

/** Somebody waits at the door: a card over the stage, gone when they are in or away. */
export function KnockCard({
  knocks,
  admit,
  deny,
  look,
}: {
  readonly knocks: readonly KnockView[]
  readonly admit: (knock: KnockView) => void
  readonly deny: (knock: KnockView) => void
  readonly look: () => void
}) {
  const [first] = knocks
  if (first === undefined) return null
  const words = text.authority.knock
  const one = knocks.length === 1
  return (
    <section
      aria-label={words.heading}
      className="flex max-w-full flex-wrap items-center gap-x-3 gap-y-2 rounded-card bg-surface py-2 pr-2 pl-3.5 text-[0.875rem] shadow-float inset-ring inset-ring-line"
    >
      <DoorOpen size={18} aria-hidden className="shrink-0 text-warn-ink" />
      <p className="min-w-0 flex-1 truncate font-medium">{one ? words.one(first.name) : words.many(knocks.length)}</p>
      <span className="flex gap-2">
        {one ? (
          <>
            <Button size="small" tone="quiet" aria-label={words.deny(first.name)} onClick={() => deny(first)}>
              {words.denyShort}
            </Button>
            <Button size="small" tone="primary" aria-label={words.admit(first.name)} onClick={() => admit(first)}>
              {words.admitShort}
            </Button>
          </>
        ) : (
          <Button size="small" tone="primary" onClick={look}>
            {words.look}
          </Button>
        )}
      </span>
    </section>
  )
}
