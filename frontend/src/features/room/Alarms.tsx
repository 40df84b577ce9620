import type { RoomAlarm, RoomView } from '@p2pigeon/core'
import { Banner, Button } from '../../ui/index.ts'
import { text } from '../../text/index.ts'

/** What somebody in the room must be told loudly. */
export function Alarms({ view, compare }: { readonly view: RoomView; readonly compare: () => void }) {
  const { comparison } = view
  return (
    <>
      {view.alarms.map((alarm) => (
        <div key={keyOf(alarm)} role="alert" className="max-w-xl shadow-float">
          <Banner tone="fault" title={titleOf(alarm, view)}>
            {alarm.kind === 'equivocation' ? text.authority.alarms.equivocationBody : text.authority.alarms.historyBody}
          </Banner>
        </div>
      ))}
      {comparison.kind === 'differs' && (
        <div role="alert" className="max-w-xl shadow-float">
          <Banner
            tone="fault"
            title={text.authority.verify.differsTitle}
            action={
              <Button size="small" onClick={compare}>
                {text.authority.knock.look}
              </Button>
            }
          />
        </div>
      )}
    </>
  )
}

function titleOf(alarm: RoomAlarm, { participants }: RoomView): string {
  const words = text.authority.alarms
  if (alarm.kind === 'history-missing') return words.historyTitle
  if (alarm.byHost) return words.equivocationHost
  return words.equivocationOther(participants.find(({ peerId }) => peerId === alarm.by)?.name ?? text.common.guest)
}

function keyOf(alarm: RoomAlarm): string {
  return alarm.kind === 'equivocation' ? alarm.by : alarm.kind
}
