import { useState } from 'react'
import { DoorOpen } from 'lucide-react'
import type { EntryMode, InviteTerms } from '@p2pigeon/core'
import { Button, Disclosure, RadioGroup } from '../../../ui/index.ts'
import { text } from '../../../text/index.ts'
import { InviteDialog } from './InviteDialog.tsx'
import { Question } from './Question.tsx'

export interface RoomSettingsProps {
  readonly entry: EntryMode
  readonly isHost: boolean
  readonly setEntry: (mode: EntryMode) => void
  readonly createInvite: (terms: InviteTerms) => Promise<boolean>
  readonly renewLink: () => void
  readonly endForAll: () => void
}

const modes: readonly EntryMode[] = ['open', 'knock', 'locked']

/** What the host and co-hosts decide about the room itself. */
export function RoomSettings({ entry, isHost, setEntry, createInvite, renewLink, endForAll }: RoomSettingsProps) {
  const words = text.authority.settings
  const [asking, setAsking] = useState<'invite' | 'renew' | 'end'>()
  const close = (): void => setAsking(undefined)
  return (
    <div className="border-b border-line px-4 py-2">
      <Disclosure icon={<DoorOpen size={17} aria-hidden />} title={words.title} said={words.said[entry]}>
        <RadioGroup
          legend={words.legend}
          choices={modes.map((id) => ({ id, ...words.choices[id] }))}
          chosen={entry}
          choose={setEntry}
        />
        <div className="mt-2 mb-1 flex flex-wrap gap-2">
          <Button size="small" onClick={() => setAsking('invite')}>
            {words.invite}
          </Button>
          <Button size="small" onClick={() => setAsking('renew')}>
            {words.renew}
          </Button>
          {isHost && (
            <Button size="small" tone="quiet" className="text-danger-ink!" onClick={() => setAsking('end')}>
              {words.end}
            </Button>
          )}
        </div>
      </Disclosure>
      {asking === 'invite' && <InviteDialog make={createInvite} close={close} />}
      {asking === 'renew' && (
        <Question title={words.renewYes} body={words.renewAsk} yes={words.renewYes} act={renewLink} close={close} />
      )}
      {asking === 'end' && (
        <Question title={words.endYes} body={words.endAsk} yes={words.endYes} danger act={endForAll} close={close} />
      )}
    </div>
  )
}
