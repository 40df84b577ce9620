import { useEffect, useRef, type ReactNode } from 'react'

/** A page that says one thing, with ways on. Its heading takes the focus, so that a screen reader starts there. */
export function MessagePage({
  icon,
  title,
  children,
  actions,
}: {
  readonly icon?: ReactNode
  readonly title: string
  readonly children?: ReactNode
  readonly actions?: ReactNode
}) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [title])
  return (
    <main className="flex min-h-dvh items-center justify-center p-6">
      <div className="appear flex max-w-md flex-col items-center text-center">
        {icon && <div className="mb-5 text-accent">{icon}</div>}
        <h1 ref={heading} tabIndex={-1} className="text-2xl font-semibold tracking-tight outline-none">
          {title}
        </h1>
        {children && <div className="mt-2 text-soft">{children}</div>}
        {actions && <div className="mt-6 flex flex-wrap justify-center gap-3">{actions}</div>}
      </div>
    </main>
  )
}
