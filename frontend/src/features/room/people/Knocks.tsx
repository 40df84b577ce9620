import { useId } from 'react'
import type { KnockView } from '@p2pigeon/core'
import { Avatar, Button } from '../../../ui/index.ts'
import { text } from '../../../text/index.ts'

export interface KnocksProps {
  readonly knocks: readonly KnockView[]
  readonly admit: (knock: KnockView) => void
  readonly deny: (knock: KnockView) => void
}

/** Those who wait to be let in. */
export function Knocks({ knocks, admit, deny }: KnocksProps) {
  const heading = useId()
  return (
    <section aria-labelledby={heading} className="border-b border-line bg-warn-soft py-2">
      <div className="flex min-h-9 items-center justify-between px-4">
        <h3 id={heading} className="text-[0.8125rem] font-semibold text-warn-ink">
          {text.authority.knock.heading}
        </h3>
        {knocks.length > 1 && (
          <Button size="small" tone="quiet" onClick={() => knocks.forEach(admit)}>
            {text.authority.knock.admitAll}
          </Button>
        )}
      </div>
      <ul className="max-h-56 overflow-y-auto">
        {knocks.map((knock) => (
          <li key={knock.peerId} className="flex items-center gap-2.5 px-4 py-1.5">
            <Avatar name={knock.name} seed={knock.peerId} className="size-8 text-[0.75rem]" />
            <bdi className="min-w-0 flex-1 truncate font-medium">{knock.name}</bdi>
            <Button
              size="small"
              tone="quiet"
              aria-label={text.authority.knock.deny(knock.name)}
              onClick={() => deny(knock)}
            >
              {text.authority.knock.denyShort}
            </Button>
            <Button
              size="small"
              tone="primary"
              aria-label={text.authority.knock.admit(knock.name)}
              onClick={() => admit(knock)}
            >
              {text.authority.knock.admitShort}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
