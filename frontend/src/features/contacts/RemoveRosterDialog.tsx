import type { Roster } from '@p2pigeon/core/people'
import { Button, Modal } from '../../ui/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import { text } from '../../text/index.ts'
import type { ContactsViewModel } from './contacts-view-model.ts'

export function RemoveRosterDialog({ model, roster }: { readonly model: ContactsViewModel; readonly roster: Roster }) {
  const { organisation } = roster
  return (
    <Modal title={words.roster.remove(organisation)} close={() => model.close()}>
      <p className="text-soft">{words.roster.removeAsk(organisation)}</p>
      <form method="dialog" className="mt-5 flex justify-end gap-2.5">
        <Button type="submit">{text.common.cancel}</Button>
        <Button type="submit" tone="danger" onClick={() => void model.removeRoster(roster)}>
          {words.roster.removeYes}
        </Button>
      </form>
    </Modal>
  )
}
