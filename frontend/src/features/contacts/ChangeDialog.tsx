import type { Contact } from '@p2pigeon/core/people'
import { Banner, Button, Modal } from '../../ui/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import { timeAgo } from '../../text/index.ts'
import { changeLines } from './contact-words.ts'
import type { ContactsViewModel } from './contacts-view-model.ts'

/** What is different about a contact's keys, and the three ways on. */
export function ChangeDialog({ model, contact }: { readonly model: ContactsViewModel; readonly contact: Contact }) {
  const { change, petname: name, id } = contact
  if (!change) return null
  const nowMs = model.now()
  const finish = (act: () => Promise<void>): void => {
    model.close()
    void act()
  }
  return (
    <Modal title={words.change.title(name)} close={() => model.close()} wide>
      <Banner tone="fault" title={words.change.headerBody}>
        <p className="mt-0.5">{words.change.intro(name)}</p>
      </Banner>
      <h3 className="mt-5 text-[0.875rem] font-semibold">{words.change.what}</h3>
      <ul className="mt-1.5 list-disc space-y-1 pl-5">
        {changeLines(change, nowMs).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p className="mt-1.5 text-[0.8125rem] text-faint">{words.change.noticed(timeAgo(change.noticedAtMs, nowMs))}</p>
      <p className="mt-4">{words.change.ask(name)}</p>
      {contact.checked.how !== 'none' && <p className="mt-1.5 text-[0.875rem] text-soft">{words.change.wasVerified}</p>}
      <div className="mt-6 flex flex-wrap gap-2.5">
        <Button tone="primary" onClick={() => model.open({ kind: 'compare', id })}>
          {words.change.compare}
        </Button>
        <Button onClick={() => finish(() => model.acceptChange(id, change))}>{words.change.accept}</Button>
        <Button tone="quiet" className="text-danger-ink!" onClick={() => finish(() => model.remove(id))}>
          {words.change.remove}
        </Button>
        <Button tone="quiet" className="sm:ml-auto" onClick={() => model.close()}>
          {words.change.later}
        </Button>
      </div>
    </Modal>
  )
}
