import { MonitorUp, Volume2 } from 'lucide-react'
import type { ParticipantView, RoomView } from '@p2pigeon/core'
import { useReadable } from '../../state/index.ts'
import { Banner, Button } from '../../ui/index.ts'
import { text } from '../../text/index.ts'
import { Alarms } from './Alarms.tsx'
import { isLost, mutedWords } from './announcements.ts'
import { KnockCard } from './KnockCard.tsx'
import type { RoomUiState, RoomViewModel } from './room-view-model.ts'
import { SelfMuted } from './SelfMuted.tsx'
import type { Alarm } from './verification/index.ts'

/** What lies over the stage because it needs to be seen now, the gravest on top. */
export function StageNotices({
  model,
  view,
  state,
  alarms,
  sharing,
  leave,
  checkConnection,
  focus,
}: {
  readonly model: RoomViewModel
  readonly view: RoomView
  readonly state: RoomUiState
  readonly alarms: readonly Alarm[]
  readonly sharing: boolean
  readonly leave: () => void
  readonly checkConnection: () => void
  /** Where the keyboard goes when what had it is gone. */
  readonly focus: (button: 'people' | 'verify') => void
}) {
  const pending = useReadable(model.deeds.pending)
  const checkButton = (
    <Button size="small" onClick={checkConnection}>
      {text.doctor.open}
    </Button>
  )
  return (
    <div className="pointer-events-none absolute inset-x-0 top-2 flex flex-col items-center gap-2 px-2 *:pointer-events-auto">
      <Alarms
        alarms={alarms.filter(({ key, look }) => look !== state.panel && !state.hiddenAlarms.has(key))}
        look={(alarm) => model.showPanel(alarm.look)}
        leave={leave}
        hide={(alarm) => {
          model.hideAlarm(alarm.key)
          focus('verify')
        }}
      />
      {state.soundBlocked && (
        <Button
          tone="primary"
          className="shadow-float"
          title={text.room.clickToHearBody}
          onClick={() => model.startSound()}
        >
          <Volume2 size={18} aria-hidden /> {text.room.clickToHear}
        </Button>
      )}
      {view.carrier.kind !== 'ready' && view.carrier.kind !== 'closed' && (
        <div className="shadow-float">
          <Banner
            tone={isLost(view) ? 'warn' : 'busy'}
            title={isLost(view) ? text.room.nodeLost : text.room.nodeConnecting}
            action={isLost(view) && checkButton}
          />
        </div>
      )}
      {state.panel !== 'people' && (
        <KnockCard
          knocks={view.knocks}
          pending={pending}
          deeds={model.deeds}
          look={() => model.showPanel('people')}
          decided={() => focus('people')}
        />
      )}
      {view.self.mutedForAll && (
        <SelfMuted words={mutedWords(view)} handRaised={view.self.handRaised} toggleHand={() => model.toggleHand()} />
      )}
      {state.trouble.length > 0 && (
        <div className="shadow-float">
          <Banner tone="warn" title={troubleWords(state.trouble)} action={checkButton} />
        </div>
      )}
      {sharing && (
        <p className="flex items-center gap-2 rounded-full bg-accent px-3.5 py-1.5 text-[0.875rem] font-medium text-on-accent shadow-float">
          <MonitorUp size={16} aria-hidden /> {text.room.sharingYours}
        </p>
      )}
    </div>
  )
}

function troubleWords(people: readonly ParticipantView[]): string {
  const [first] = people
  return first && people.length === 1 ? text.doctor.trouble(first.name) : text.doctor.troubleMany(people.length)
}
