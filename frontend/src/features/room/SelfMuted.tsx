import { Hand, MicOff } from 'lucide-react'
import { Button } from '../../ui/index.ts'
import { roomText } from '../../text/room/index.ts'

/** Tells the user that nobody hears them, and lets them ask. */
export function SelfMuted({
  words,
  handRaised,
  toggleHand,
}: {
  /** Who has muted them. */
  readonly words: string
  readonly handRaised: boolean
  readonly toggleHand: () => void
}) {
  return (
    <section
      aria-label={words}
      className="appear flex max-w-full flex-wrap items-center justify-end gap-x-3 gap-y-1.5 rounded-card bg-warn-soft py-1.5 pr-1.5 pl-3.5 text-[0.875rem] text-warn-ink shadow-float"
      title={roomText.self.mutedBody}
    >
      <p className="flex min-w-0 flex-auto items-center gap-2.5 font-medium">
        <MicOff size={17} aria-hidden className="shrink-0" />
        {words}
      </p>
      <Button size="small" aria-pressed={handRaised} onClick={toggleHand}>
        <Hand size={16} aria-hidden />
        {handRaised ? roomText.self.takeBack : roomText.self.ask}
      </Button>
    </section>
  )
}
