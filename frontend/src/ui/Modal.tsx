import { useEffect, useId, useRef, type ReactNode } from 'react'
import { cx } from './cx.ts'

/** A question in front of everything: the browser's own dialog, which holds the focus and closes with Esc. */
export function Modal({
  title,
  close,
  wide,
  children,
}: {
  readonly title: string
  readonly close: () => void
  readonly wide?: boolean
  readonly children: ReactNode
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal()
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onClose={close}
      onKeyDown={(event) => event.stopPropagation()}
      className={cx(
        'appear m-auto rounded-card bg-surface p-5 text-ink outline-none shadow-float inset-ring inset-ring-line backdrop:bg-black/45',
        wide ? 'w-[min(34rem,calc(100vw-1.5rem))]' : 'w-[min(28rem,calc(100vw-2rem))]',
      )}
    >
      <h2 id={heading} className="mb-2 text-[1.0625rem] font-semibold">
        {title}
      </h2>
      {children}
    </dialog>
  )
}
