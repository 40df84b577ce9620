import type { Ref } from 'react'
import { ShieldCheck } from 'lucide-react'
import type { RoomPolicy } from '@p2pigeon/core'
import { cx } from '../../ui/index.ts'
import { text } from '../../text/index.ts'

/** The room's privacy level, and the way to what others can learn. */
export function PrivacyButton({
  policy,
  open,
  toggle,
  ref,
}: {
  readonly policy: RoomPolicy
  readonly open: boolean
  readonly toggle: () => void
  readonly ref: Ref<HTMLButtonElement>
}) {
  const { name, short } = text.privacy.levels[policy.privacy]
  return (
    <button
      ref={ref}
      type="button"
      aria-expanded={open}
      aria-label={text.privacy.panel.open(name)}
      onClick={toggle}
      className={cx(
        'flex h-9 shrink-0 items-center gap-1.5 rounded-full px-2.5 text-[0.8125rem] font-medium transition-colors duration-100',
        open ? 'bg-accent-soft text-accent' : 'text-soft hover:bg-hover hover:text-ink',
      )}
    >
      <ShieldCheck size={17} aria-hidden className="text-accent" />
      <span className="hidden @sm:inline">{short}</span>
    </button>
  )
}
