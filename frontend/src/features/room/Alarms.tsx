import { Siren, X } from 'lucide-react'
import { Button, IconButton } from '../../ui/index.ts'
import { roomText } from '../../text/room/index.ts'
import type { Alarm } from './verification/index.ts'

/** What somebody in the room must be told loudly, over the stage: one at a time, so that it can be read. */
export function Alarms({
  alarms,
  look,
  leave,
  hide,
}: {
  readonly alarms: readonly Alarm[]
  readonly look: (alarm: Alarm) => void
  readonly leave: () => void
  readonly hide: (alarm: Alarm) => void
}) {
  const [first, ...more] = alarms
  if (first === undefined) return null
  const words = roomText.alarms
  return (
    <section
      key={first.key}
      role="alert"
      aria-label={words.heading}
      className="appear flex w-full max-w-xl gap-3 rounded-card bg-danger-soft p-3.5 pr-2 text-[0.875rem] text-danger-ink shadow-float inset-ring-2 inset-ring-danger"
    >
      <Siren size={20} aria-hidden className="mt-0.5 shrink-0" />
      <div className="min-w-0 flex-1">
        <p className="text-[0.9375rem] font-semibold">{first.title}</p>
        <p className="mt-0.5">{first.body}</p>
        <div className="mt-2.5 flex flex-wrap items-center gap-2">
          {first.look === 'people' ? (
            <Button size="small" onClick={() => look(first)}>
              {roomText.knock.look}
            </Button>
          ) : (
            <Button size="small" tone="danger" onClick={leave}>
              {words.leave}
            </Button>
          )}
          {first.look === 'verify' && (
            <Button size="small" onClick={() => look(first)}>
              {words.more}
            </Button>
          )}
          {more.length > 0 && <span className="font-medium">{words.others(more.length)}</span>}
        </div>
      </div>
      <IconButton size="small" label={words.hide} className="text-current!" onClick={() => hide(first)}>
        <X size={18} aria-hidden />
      </IconButton>
    </section>
  )
}
