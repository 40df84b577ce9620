/** The pigeon: a breast, a wing that folds over it, a beak. Takes the colour of the text around it. */
export function PigeonMark({ className }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className} fill="currentColor">
      <path d="M20.6 4.2a5.4 5.4 0 0 0-5.5 5.3v2.1L2.6 24.1c-.5.5-.1 1.4.6 1.4h6.9l-1.6 2.6c-.3.5.1 1.1.7 1.1h6.1c6.100 0 11-4.900 11-10.900V10.700l3.100-1.200c.5-.2.5-.9 0-1.100l-3.600-1.300a5.400 5.400 0 0 0-5.200-2.900Zm.5 4.300a1.300 1.300 0 1 1 0 2.600 1.300 1.300 0 0 1 0-2.600Z" />
      <path
        d="M13.300 15.400c3.900 0 7 3.100 7 7"
        fill="none"
        stroke="var(--color-canvas)"
        strokeWidth="1.7"
        strokeLinecap="round"
      />
    </svg>
  )
}

/** Mark and name. */
export function Wordmark({ name, className }: { readonly name: string; readonly className?: string }) {
  return (
    <span className={`inline-flex items-center gap-2 text-ink ${className ?? ''}`}>
      <PigeonMark className="size-7 text-accent" />
      <span className="text-[1.0625rem] font-semibold tracking-tight">{name}</span>
    </span>
  )
}
