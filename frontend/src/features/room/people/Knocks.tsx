import { useId } from 'react'
import type { KnockView } from '@p2pigeon/core'
import { Avatar, Button } from '../../../ui/index.ts'
import { roomText } from '../../../text/room/index.ts'
import type { DeedKey } from '../pending-deeds.ts'
import type { RoomDeeds } from '../room-deeds.ts'

export interface KnocksProps {
  readonly knocks: readonly KnockView[]
  readonly pending: ReadonlySet<DeedKey>
  readonly deeds: RoomDeeds
  /** Somebody was let in or turned away, and the button for it goes. */
  readonly decided: () => void
}

/** Those who wait to be let in. */
export function Knocks({ knocks, pending, deeds, decided }: KnocksProps) {
  const heading = useId()
  const words = roomText.knock
  const decide = (step: () => void): void => {
    step()
    decided()
  }
  return (
    <section aria-labelledby={heading} className="border-b border-line bg-warn-soft pt-1.5 pb-2.5">
      <div className="flex min-h-9 items-center justify-between gap-2 px-4">
        <h3 id={heading} className="text-[0.8125rem] font-semibold text-warn-ink">
          {words.heading}
        </h3>
        {knocks.length > 1 && (
          <Button
            size="small"
            tone="quiet"
            className="-mr-2"
            onClick={() => decide(() => knocks.forEach((one) => deeds.admit(one)))}
          >
            {words.admitAll}
          </Button>
        )}
      </div>
      <p className="px-4 pb-1 text-[0.8125rem] text-soft">{words.note}</p>
      <ul>
        {knocks.map((knock) => {
          const busy = pending.has(`admit ${knock.peerId}`)
          return (
            <li key={knock.peerId} className="flex items-center gap-2.5 px-4 py-1.5">
              <Avatar name={knock.name} seed={knock.peerId} className="size-8 text-[0.75rem]" />
              <div className="min-w-0 flex-1">
                <p className="truncate font-medium">
                  <bdi>{knock.name}</bdi>
                </p>
                <div className="mt-1 flex gap-2">
                  <Button
                    size="small"
                    tone="primary"
                    className="h-8!"
                    disabled={busy}
                    aria-label={words.admit(knock.name)}
                    onClick={() => decide(() => deeds.admit(knock))}
                  >
                    {busy ? words.admitting : words.admitShort}
                  </Button>
                  <Button
                    size="small"
                    className="h-8!"
                    disabled={busy}
                    aria-label={words.deny(knock.name)}
                    onClick={() => decide(() => deeds.deny(knock))}
                  >
                    {words.denyShort}
                  </Button>
                </div>
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
