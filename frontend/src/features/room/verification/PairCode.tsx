import { symbols } from '../../../text/room/index.ts'

/** The seven emoji of two people in one line, with their words: pictures differ between systems, and some have none. */
export function PairCode({ code }: { readonly code: readonly number[] }) {
  const words = code.map((index) => symbols[index]?.[1] ?? '').join(', ')
  return (
    <div role="img" aria-label={words}>
      <p className="text-[1.25rem] leading-snug tracking-[0.15em]">
        {code.map((index) => symbols[index]?.[0] ?? '').join(' ')}
      </p>
      <p className="text-[0.75rem] text-soft">{words}</p>
    </div>
  )
}
