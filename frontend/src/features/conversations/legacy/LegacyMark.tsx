import { LockOpen } from 'lucide-react'
import { cx } from '../../../ui/index.ts'
import { legacyText as words } from '../../../text/conversations/index.ts'

/** The sign of an old client in place of a picture of somebody: an open lock in a broken line. */
export function LegacySign({ className }: { readonly className: string }) {
  return (
    <span
      aria-hidden
      className={cx(
        'flex shrink-0 items-center justify-center rounded-full border-2 border-dashed border-warn-ink bg-warn-soft text-warn-ink',
        className,
      )}
    >
      <LockOpen size={18} />
    </span>
  )
}

/** The same in words. */
export function LegacyLabel() {
  return (
    <span className="inline-flex shrink-0 items-center gap-1 rounded-md bg-warn-soft px-1.5 text-[0.6875rem] leading-5 font-semibold text-warn-ink">
      <LockOpen size={11} aria-hidden />
      {words.label}
    </span>
  )
}
