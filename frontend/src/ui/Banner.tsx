import type { ReactNode } from 'react'
import { CircleAlert, LoaderCircle, TriangleAlert } from 'lucide-react'
import { cx } from './cx.ts'

export type BannerTone = 'busy' | 'warn' | 'fault'

const looks: Readonly<Record<BannerTone, string>> = {
  busy: 'bg-surface text-soft inset-ring inset-ring-line',
  warn: 'bg-warn-soft text-warn-ink',
  fault: 'bg-danger-soft text-danger-ink',
}

/** A quiet line that something needs attention. It is not a live region: announcements are made once, elsewhere. */
export function Banner({
  tone,
  title,
  children,
  action,
}: {
  readonly tone: BannerTone
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}) {
  const Icon = tone === 'busy' ? LoaderCircle : tone === 'warn' ? TriangleAlert : CircleAlert
  return (
    <div className={cx('flex items-start gap-3 rounded-control px-3.5 py-2.5 text-[0.875rem]', looks[tone])}>
      <Icon size={18} aria-hidden className={cx('mt-0.5 shrink-0', tone === 'busy' && 'animate-spin')} />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{title}</p>
        {children}
        {action && <div className="mt-2.5">{action}</div>}
      </div>
    </div>
  )
}
