import { useState } from 'react'
import { DoorOpen } from 'lucide-react'
import type { EntryMode } from '@p2pigeon/core'
import { Button, Disclosure, RadioGroup, Spinner } from '../../../ui/index.ts'
import { roomText } from '../../../text/room/index.ts'
import type { DeedKey } from '../pending-deeds.ts'
import type { RoomDeeds } from '../room-deeds.ts'
import { InviteDialog } from './InviteDialog.tsx'
import { Question } from '../Question.tsx'

export interface RoomSettingsProps {
  readonly entry: EntryMode
  readonly isHost: boolean
  readonly pending: ReadonlySet<DeedKey>
  readonly deeds: RoomDeeds
}

const modes: readonly EntryMode[] = ['open', 'knock', 'locked']

/** What the host and co-hosts decide about the room itself. */
export function RoomSettings({ entry, isHost, pending, deeds }: RoomSettingsProps) {
  const words = roomText.settings
  const [asking, setAsking] = useState<'invite' | 'renew' | 'end'>()
  const close = (): void => setAsking(undefined)
  // What was chosen shows at once, and goes back if it does not come about.
  const chosen = modes.findLast((mode) => pending.has(`entry ${mode}`)) ?? entry
  return (
    <div className="border-b border-line px-4 py-2">
      <Disclosure icon={<DoorOpen size={17} aria-hidden />} title={words.title} said={words.said[chosen]}>
        <RadioGroup
          legend={words.legend}
          choices={modes.map((id) => ({ id, ...words.choices[id] }))}
          chosen={chosen}
          choose={(mode) => deeds.setEntry(mode)}
        />
        <div className="mt-2 mb-1 flex flex-wrap gap-2">
          <Button size="small" onClick={() => setAsking('invite')}>
            {words.invite}
          </Button>
          <Button size="small" disabled={pending.has('renew')} onClick={() => setAsking('renew')}>
            {pending.has('renew') && <Spinner size={14} />}
            {words.renew}
          </Button>
          {isHost && (
            <Button
              size="small"
              tone="quiet"
              className="text-danger-ink!"
              disabled={pending.has('end')}
              onClick={() => setAsking('end')}
            >
              {pending.has('end') && <Spinner size={14} />}
              {words.end}
            </Button>
          )}
        </div>
      </Disclosure>
      {asking === 'invite' && (
        <InviteDialog
          closesDoor={entry === 'open'}
          isLocked={entry === 'locked'}
          make={(terms) => deeds.createInvite(terms)}
          close={close}
        />
      )}
      {asking === 'renew' && (
        <Question
          title={words.renewYes}
          body={words.renewAsk}
          yes={words.renewYes}
          act={() => deeds.renewLink()}
          close={close}
        />
      )}
      {asking === 'end' && (
        <Question
          title={words.endYes}
          body={words.endAsk}
          yes={words.endYes}
          danger
          act={() => deeds.endForAll()}
          close={close}
        />
      )}
    </div>
  )
}
