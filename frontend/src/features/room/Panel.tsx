import { useId, type ReactNode } from 'react'
import { X } from 'lucide-react'
import { IconButton } from '../../ui/index.ts'
import { text } from '../../text/index.ts'

/** A column beside the stage; on a phone it covers the stage and leaves the controls in reach. */
export function Panel({
  title,
  close,
  tools,
  children,
}: {
  readonly title: string
  readonly close: () => void
  /** Buttons beside the one that closes. */
  readonly tools?: ReactNode
  readonly children: ReactNode
}) {
  const heading = useId()
  return (
    <aside
      aria-labelledby={heading}
      className="appear flex size-full min-h-0 flex-col overflow-hidden rounded-card bg-surface inset-ring inset-ring-line"
    >
      <div className="flex h-13 shrink-0 items-center justify-between border-b border-line pr-1.5 pl-4">
        <h2 id={heading} className="mr-auto font-semibold">
          {title}
        </h2>
        {tools}
        <IconButton label={text.common.close} size="small" onClick={close}>
          <X size={18} aria-hidden />
        </IconButton>
      </div>
      {children}
    </aside>
  )
}
