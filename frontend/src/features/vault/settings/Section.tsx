import { useId, type ReactNode } from 'react'

/** A part of the settings, with its heading. */
export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="mb-3 text-[1.0625rem] font-semibold">
        {title}
      </h2>
      <div className="rounded-card bg-surface p-4 inset-ring inset-ring-line sm:p-5">{children}</div>
    </section>
  )
}

/** How something stands, and what can be done about it. */
export function Standing({
  icon,
  title,
  children,
}: {
  readonly icon: ReactNode
  readonly title: string
  readonly children: ReactNode
}) {
  return (
    <div className="flex items-start gap-3.5">
      <span className="mt-0.5 shrink-0">{icon}</span>
      <div className="min-w-0">
        <p className="font-medium">{title}</p>
        <p className="mt-0.5 text-[0.875rem] text-soft">{children}</p>
      </div>
    </div>
  )
}
