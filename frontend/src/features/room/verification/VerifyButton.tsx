import type { Ref } from 'react'
import { Fingerprint, TriangleAlert } from 'lucide-react'
import { cx } from '../../../ui/index.ts'
import { roomText } from '../../../text/room/index.ts'
import type { Verdict } from './marks.ts'

/** How the comparison stands, and the way to it. */
export function VerifyButton({
  verdict,
  alarmed,
  open,
  toggle,
  ref,
}: {
  readonly verdict: Verdict
  /** Something is wrong, in the comparison or elsewhere in the room. */
  readonly alarmed: boolean
  readonly open: boolean
  readonly toggle: () => void
  readonly ref: Ref<HTMLButtonElement>
}) {
  const words = roomText.verify
  const shown = alarmed ? 'differs' : verdict
  const isAlarm = shown === 'differs'
  const Icon = isAlarm ? TriangleAlert : Fingerprint
  return (
    <button
      ref={ref}
      type="button"
      aria-expanded={open}
      aria-label={words.open[shown]}
      title={words.open[shown]}
      onClick={toggle}
      className={cx(
        'flex h-9 shrink-0 items-center gap-1.5 rounded-full px-2.5 text-[0.8125rem] font-medium transition-colors duration-100',
        isAlarm
          ? 'bg-danger-soft text-danger-ink hover:brightness-95'
          : open
            ? 'bg-accent-soft text-accent'
            : 'text-soft hover:bg-hover hover:text-ink',
      )}
    >
      <Icon
        size={17}
        aria-hidden
        className={cx(
          !isAlarm && (shown === 'verified' ? 'text-good' : shown === 'alone' ? 'text-faint' : 'text-accent'),
        )}
      />
      {shown !== 'alone' && <span className={cx(!isAlarm && 'hidden @sm:inline')}>{words.short[shown]}</span>}
    </button>
  )
}
