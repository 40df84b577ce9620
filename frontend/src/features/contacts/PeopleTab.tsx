import { ContactRound, QrCode, UserPlus, UsersRound } from 'lucide-react'
import { useReadable } from '../../state/index.ts'
import { Button, TextField } from '../../ui/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import { ContactItem } from './ContactItem.tsx'
import type { ContactsViewModel } from './contacts-view-model.ts'

/** From here a list is too long to be seen at a glance. */
const searchFrom = 6

export function PeopleTab({ model }: { readonly model: ContactsViewModel }) {
  const book = useReadable(model.people.contacts.book)
  const query = useReadable(model.query)
  const rows = model.rows()
  const total = book.contacts.length
  return (
    <>
      <div className="flex flex-wrap gap-2.5">
        <Button tone="primary" className="grow sm:grow-0" onClick={() => model.open({ kind: 'add', code: undefined })}>
          <UserPlus size={18} aria-hidden /> {words.add}
        </Button>
        <Button className="grow sm:grow-0" onClick={() => model.open({ kind: 'card' })}>
          <QrCode size={18} aria-hidden /> {words.myCard}
        </Button>
      </div>
      {total >= searchFrom && (
        <TextField
          className="mt-4"
          label={words.search}
          labelHidden
          type="search"
          autoComplete="off"
          placeholder={words.searchPlaceholder}
          value={query}
          onChange={(event) => model.search(event.currentTarget.value)}
        />
      )}
      {total === 0 ? (
        <div className="mt-5 flex flex-col items-center rounded-card bg-sunken px-8 py-12 text-center">
          <UsersRound size={40} strokeWidth={1.5} aria-hidden className="mb-4 text-edge" />
          <p className="font-medium">{words.empty.title}</p>
          <p className="mt-1 max-w-80 text-[0.875rem] text-faint">{words.empty.body}</p>
        </div>
      ) : rows.length === 0 ? (
        <p role="status" className="mt-6 flex items-center gap-2.5 text-soft">
          <ContactRound size={18} aria-hidden className="text-faint" /> {words.noMatch(query.trim())}
        </p>
      ) : (
        <>
          <ul
            aria-label={words.title}
            className="mt-5 divide-y divide-line rounded-card bg-surface inset-ring inset-ring-line"
          >
            {rows.map((row) => (
              <ContactItem key={row.id} row={row} model={model} />
            ))}
          </ul>
          <p role="status" className="mt-2.5 px-1 text-[0.8125rem] text-faint">
            {words.count(rows.length)}
          </p>
        </>
      )}
    </>
  )
}
