import type { Ref } from 'react'
import { Fingerprint, TriangleAlert } from 'lucide-react'
import type { ComparisonView } from '@p2pigeon/core'
import { cx } from '../../../ui/index.ts'
import { text } from '../../../text/index.ts'

/** How the comparison stands, and the way to it. */
export function VerifyButton({
  comparison,
  verified,
  open,
  toggle,
  ref,
}: {
  readonly comparison: ComparisonView
  readonly verified: boolean
  readonly open: boolean
  readonly toggle: () => void
  readonly ref: Ref<HTMLButtonElement>
}) {
  const words = text.authority.verify
  const alarmed = comparison.kind === 'differs'
  const Icon = alarmed ? TriangleAlert : Fingerprint
  return (
    <button
      ref={ref}
      type="button"
      aria-expanded={open}
      aria-label={verified ? words.verified : words.open[comparison.kind]}
      onClick={toggle}
      className={cx(
        'flex h-9 shrink-0 items-center gap-1.5 rounded-full px-2.5 text-[0.8125rem] font-medium transition-colors duration-100',
        open ? 'bg-accent-soft text-accent' : 'text-soft hover:bg-hover hover:text-ink',
        alarmed && 'bg-danger-soft! text-danger-ink!',
      )}
    >
      <Icon size={17} aria-hidden className={cx(!alarmed && (verified ? 'text-good' : 'text-accent'))} />
      <span className={cx(!alarmed && 'hidden wide:inline')}>{words.short[verified ? 'verified' : comparison.kind]}</span>
    </button>
  )
}
