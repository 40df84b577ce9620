import { useId, useRef, useState } from 'react'
import type { ContactCard, IdentityId } from '@p2pigeon/core/people'
import { maxNameLength } from '../../session/index.ts'
import { Avatar, Banner, Button, SelectField, Spinner, Switch, TextField } from '../../ui/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import { text } from '../../text/index.ts'
import type { AddState, AddViewModel, CardSource } from './add-view-model.ts'
import type { ContactsViewModel } from './contacts-view-model.ts'

/** Whose card it is, and what the user makes of it. */
export function Preview({
  state: { card, source, adding, fault },
  model,
  page,
}: {
  readonly state: Extract<AddState, { kind: 'preview' }>
  readonly model: AddViewModel
  readonly page: ContactsViewModel
}) {
  const field = useRef<HTMLInputElement>(null)
  const [inPerson, setInPerson] = useState(false)
  const [replaces, setReplaces] = useState<IdentityId>()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void model.add({ petname: field.current?.value ?? '', inPerson, replaces })
      }}
    >
      <Person card={card} />
      {fault && (
        <div role="alert" className="mt-4">
          <Banner tone="fault" title={fault.title}>
            {fault.body}
          </Banner>
        </div>
      )}
      {!replaces && (
        <TextField
          className="mt-4"
          ref={field}
          label={words.adding.petname}
          defaultValue={card.name}
          maxLength={maxNameLength}
          required
          autoComplete="off"
        />
      )}
      <SourceNote source={source} inPerson={inPerson} toggle={setInPerson} />
      <Replaces page={page} replaces={replaces} choose={setReplaces} />
      <div className="mt-5 flex justify-end gap-2.5">
        <Button onClick={() => page.close()}>{text.common.cancel}</Button>
        <Button type="submit" tone="primary" disabled={adding}>
          {adding && <Spinner />}
          {replaces ? words.adding.replaceYes : words.adding.add}
        </Button>
      </div>
    </form>
  )
}

function Person({ card }: { readonly card: ContactCard }) {
  return (
    <div className="mt-2 flex items-center gap-3.5">
      <Avatar name={card.name} seed={card.record.id} className="size-14 text-[1.125rem]" />
      <div className="min-w-0">
        <p>{words.adding.claims(card.name)}</p>
        <p className="text-[0.8125rem] text-faint">{words.adding.devices(card.record.devices.length)}</p>
      </div>
    </div>
  )
}

function SourceNote({
  source,
  inPerson,
  toggle,
}: {
  readonly source: CardSource
  readonly inPerson: boolean
  readonly toggle: (on: boolean) => void
}) {
  if (source !== 'camera') return <p className="mt-3 text-[0.875rem] text-soft">{words.nudge}</p>
  return (
    <div className="mt-3">
      <Switch label={words.adding.inPerson} note={words.adding.inPersonNote} on={inPerson} toggle={toggle} />
    </div>
  )
}

/** Somebody who lost everything comes back as somebody new; only the user can say who it is. */
function Replaces({
  page,
  replaces,
  choose,
}: {
  readonly page: ContactsViewModel
  readonly replaces: IdentityId | undefined
  readonly choose: (id: IdentityId | undefined) => void
}) {
  const [open, setOpen] = useState(false)
  const note = useId()
  const { contacts } = page.people.contacts.book.get()
  if (contacts.length === 0) return null
  return (
    <details className="mt-3 text-[0.875rem]" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="cursor-pointer rounded-control py-1 text-soft">{words.adding.replace}</summary>
      <p id={note} className="mt-1 mb-2 text-[0.8125rem] text-faint">
        {words.adding.replaceNote}
      </p>
      <SelectField
        label={words.adding.replace}
        icon={null}
        aria-describedby={note}
        value={replaces ?? ''}
        onChange={(event) => {
          const chosen = event.currentTarget.value
          choose(contacts.find(({ id }) => id === chosen)?.id)
        }}
      >
        <option value="">{words.adding.replaceNone}</option>
        {contacts.map(({ id, petname }) => (
          <option key={id} value={id}>
            {petname}
          </option>
        ))}
      </SelectField>
    </details>
  )
}
