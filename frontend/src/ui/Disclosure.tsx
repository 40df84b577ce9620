import { useId, useState, type ReactNode } from 'react'
import { ChevronDown } from 'lucide-react'
import { cx } from './cx.ts'

/** Something more, opened in place when it is wanted. */
export function Disclosure({
  icon,
  title,
  said,
  className,
  children,
}: {
  readonly icon: ReactNode
  readonly title: string
  /** What is chosen inside, so that it need not be opened to be known. */
  readonly said: string
  readonly className?: string
  readonly children: ReactNode
}) {
  const [open, setOpen] = useState(false)
  const id = useId()
  return (
    <div className={className}>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
        className="-mx-2.5 flex min-h-9 max-w-[calc(100%+1.25rem)] items-center gap-2 rounded-control px-2.5 py-1 text-[0.875rem] text-soft transition-colors duration-100 hover:bg-hover hover:text-ink"
      >
        <span className="shrink-0 text-faint">{icon}</span>
        <span className="font-medium">{title}:</span>
        <span className="min-w-0 truncate">{said}</span>
        <ChevronDown
          size={16}
          aria-hidden
          className={cx('shrink-0 transition-transform duration-100', open && 'rotate-180')}
        />
      </button>
      {open && (
        <div id={id} className="appear pt-2">
          {children}
        </div>
      )}
    </div>
  )
}
