import type { ReactNode } from 'react'
import { ChevronRight } from 'lucide-react'

/** One of several ways on, with a sentence. */
export function ChoiceCard({
  icon,
  title,
  note,
  choose,
}: {
  readonly icon: ReactNode
  readonly title: string
  readonly note?: string
  readonly choose: () => void
}) {
  return (
    <button
      type="button"
      onClick={choose}
      className="flex min-h-14 w-full items-center gap-3.5 rounded-control px-4 py-3 text-left inset-ring inset-ring-line transition-colors duration-100 hover:bg-hover"
    >
      <span className="shrink-0 text-accent">{icon}</span>
      <span className="min-w-0 flex-1">
        <span className="block font-medium">{title}</span>
        {note && <span className="block text-[0.8125rem] text-soft">{note}</span>}
      </span>
      <ChevronRight size={18} aria-hidden className="shrink-0 text-faint" />
    </button>
  )
}
