import { cx } from './cx.ts'

const plumes = ['bg-plume-1', 'bg-plume-2', 'bg-plume-3', 'bg-plume-4', 'bg-plume-5', 'bg-plume-6']

/** Up to two initials: the first letters of the first and the last word. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean)
  const first = words[0] ?? '?'
  const last = words.length > 1 ? words.at(-1) : undefined
  return [first, last]
    .map((word) => (word ? (Array.from(word)[0] ?? '') : ''))
    .join('')
    .toLocaleUpperCase()
}

/** The same person gets the same colour everywhere: chosen by `seed`, an opaque id. */
export function Avatar({
  name,
  seed,
  className,
}: {
  readonly name: string
  readonly seed: string
  readonly className?: string
}) {
  let sum = 0
  for (const character of seed) sum = (sum * 31 + character.charCodeAt(0)) >>> 0
  return (
    <span
      aria-hidden="true"
      className={cx(
        'flex shrink-0 items-center justify-center rounded-full font-semibold text-white select-none',
        plumes[sum % plumes.length],
        className,
      )}
    >
      {initialsOf(name)}
    </span>
  )
}
