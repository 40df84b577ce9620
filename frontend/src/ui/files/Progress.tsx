import { percent } from './percent.ts'

/** How much of a file has passed. */
export function Progress({ label, part }: { readonly label: string; readonly part: number }) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent(part)}
      className="mt-1.5 h-1 overflow-hidden rounded-full bg-line"
    >
      <div
        className="h-full origin-left rounded-full bg-accent transition-transform duration-150"
        style={{ transform: `scaleX(${Math.max(0.02, part)})` }}
      />
    </div>
  )
}
