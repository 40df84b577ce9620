import { DoorOpen } from 'lucide-react'
import type { KnockView } from '@p2pigeon/core'
import { Button } from '../../ui/index.ts'
import { roomText } from '../../text/room/index.ts'
import type { DeedKey } from './pending-deeds.ts'
import type { RoomDeeds } from './room-deeds.ts'

/** Somebody waits at the door: a card over the stage, gone when they are in or away. */
export function KnockCard({
  knocks,
  pending,
  deeds,
  look,
  decided,
}: {
  readonly knocks: readonly KnockView[]
  readonly pending: ReadonlySet<DeedKey>
  readonly deeds: RoomDeeds
  readonly look: () => void
  /** Somebody was let in or turned away, and the button for it goes. */
  readonly decided: () => void
}) {
  const [first] = knocks
  if (first === undefined) return null
  const words = roomText.knock
  const decide = (step: () => void): void => {
    step()
    decided()
  }
  const busy = pending.has(`admit ${first.peerId}`)
  return (
    <section
      aria-label={words.heading}
      className="appear flex max-w-full flex-wrap items-center justify-end gap-x-3 gap-y-2 rounded-card bg-surface py-2 pr-2 pl-3.5 text-[0.875rem] shadow-float inset-ring inset-ring-line"
    >
      <p className="flex min-w-0 flex-auto items-start gap-2.5 font-medium">
        <DoorOpen size={18} aria-hidden className="mt-0.5 shrink-0 text-warn-ink" />
        <span className="line-clamp-2 min-w-0 break-words">
          {knocks.length === 1 ? words.one(first.name) : words.many(knocks.length)}
        </span>
      </p>
      <span className="flex shrink-0 gap-2">
        {knocks.length === 1 ? (
          <>
            <Button
              size="small"
              tone="quiet"
              disabled={busy}
              aria-label={words.deny(first.name)}
              onClick={() => decide(() => deeds.deny(first))}
            >
              {words.denyShort}
            </Button>
            <Button
              size="small"
              tone="primary"
              disabled={busy}
              aria-label={words.admit(first.name)}
              onClick={() => decide(() => deeds.admit(first))}
            >
              {busy ? words.admitting : words.admitShort}
            </Button>
          </>
        ) : (
          <>
            <Button
              size="small"
              tone="quiet"
              onClick={() => decide(() => knocks.forEach((knock) => deeds.admit(knock)))}
            >
              {words.admitAll}
            </Button>
            <Button size="small" tone="primary" onClick={look}>
              {words.look}
            </Button>
          </>
        )}
      </span>
    </section>
  )
}
