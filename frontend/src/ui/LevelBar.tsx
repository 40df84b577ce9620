import { useEffect, useRef } from 'react'

const segments = 14
const frameMs = 60

/** A row of segments that fills with loudness. `read` gives 0 to 1; it is asked about 16 times a second. */
export function LevelBar({ label, read }: { readonly label: string; readonly read: (() => number) | undefined }) {
  const bar = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!read) return
    let smooth = 0
    const timer = setInterval(() => {
      const now = read()
      smooth = now > smooth ? now : smooth * 0.82
      const lit = Math.round(smooth * segments)
      const element = bar.current
      if (!element) return
      element.setAttribute('aria-valuenow', String(Math.round(smooth * 100)))
      for (const [index, child] of [...element.children].entries()) child.toggleAttribute('data-lit', index < lit)
    }, frameMs)
    return () => clearInterval(timer)
  }, [read])
  return (
    <div
      ref={bar}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={0}
      className="flex h-3.5 flex-1 gap-1"
    >
      {Array.from({ length: segments }, (_, index) => (
        <span key={index} className="flex-1 rounded-xs bg-line transition-colors duration-75 data-lit:bg-good" />
      ))}
    </div>
  )
}
