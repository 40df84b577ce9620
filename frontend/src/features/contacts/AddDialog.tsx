import { useEffect, useId, useRef, useState, type ReactNode } from 'react'
import { Camera, ImageUp } from 'lucide-react'
import type { ContactCard, IdentityId } from '@p2pigeon/core/people'
import { useReadable } from '../../state/index.ts'
import { maxNameLength } from '../../session/index.ts'
import { Avatar, Banner, Button, Modal, SelectField, Spinner, Switch, TextField } from '../../ui/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import { text, type FaultText } from '../../text/index.ts'
import { AddViewModel, type AddState, type CardSource } from './add-view-model.ts'
import type { ContactsViewModel } from './contacts-view-model.ts'
import { readPicture, Scanner } from './scan/index.ts'

/** Adding somebody by link, by the camera or from a picture. */
export function AddDialog({
  model: page,
  code,
}: {
  readonly model: ContactsViewModel
  readonly code: string | undefined
}) {
  const [model] = useState(() => new AddViewModel({ people: page.people, readPicture }))
  useEffect(() => {
    if (code !== undefined) void model.read(code, 'link')
  }, [model, code])
  const state = useReadable(model.state)
  return (
    <Modal title={titleOf(state)} close={() => page.close()}>
      <Step state={state} model={model} page={page} />
    </Modal>
  )
}

function titleOf(state: AddState): string {
  switch (state.kind) {
    case 'preview':
      return words.adding.previewTitle
    case 'known':
      return state.changed
        ? words.adding.knownChanged(state.contact.petname)
        : words.adding.known(state.contact.petname)
    case 'self':
      return words.adding.self
    case 'added':
      return words.adding.added(state.contact.petname)
    case 'replaced':
      return words.adding.replaced(state.contact.petname)
    case 'scanning':
      return words.scan.title
    case 'entry':
    case 'reading':
      return words.adding.title
  }
}

interface StepProps {
  readonly state: AddState
  readonly model: AddViewModel
  readonly page: ContactsViewModel
}

function Step({ state, model, page }: StepProps) {
  switch (state.kind) {
    case 'entry':
      return <Entry model={model} page={page} fault={state.fault} />
    case 'scanning':
      return <Scanner found={(said) => void model.read(said, 'camera')} stop={() => model.again()} />
    case 'reading':
      return (
        <p role="status" className="flex items-center gap-3 py-6 text-soft">
          <Spinner /> {state.words}
        </p>
      )
    case 'preview':
      return <Preview state={state} model={model} page={page} />
    case 'known':
      return (
        <Outcome page={page} body={state.changed ? words.adding.knownChangedBody : words.adding.knownBody}>
          {state.changed && (
            <Button tone="danger" onClick={() => page.open({ kind: 'change', id: state.contact.id })}>
              {words.actions.look}
            </Button>
          )}
        </Outcome>
      )
    case 'self':
      return <Outcome page={page} body={words.adding.selfBody} />
    case 'replaced':
      return (
        <Outcome page={page} body={words.change.headerBody}>
          <Button tone="danger" onClick={() => page.open({ kind: 'change', id: state.contact.id })}>
            {words.actions.look}
          </Button>
        </Outcome>
      )
    case 'added':
      return page.people.trustOf(state.contact).kind === 'verified' ? (
        <Outcome page={page} body={words.adding.verifiedNow} />
      ) : (
        <Outcome page={page} body={words.nudge}>
          <Button tone="primary" onClick={() => page.open({ kind: 'compare', id: state.contact.id })}>
            {words.adding.compareNow}
          </Button>
        </Outcome>
      )
  }
}

function Outcome({
  page,
  body,
  children,
}: {
  readonly page: ContactsViewModel
  readonly body: string
  readonly children?: ReactNode
}) {
  return (
    <>
      <p role="status" className="text-soft">
        {body}
      </p>
      <div className="mt-5 flex flex-wrap justify-end gap-2.5">
        <Button onClick={() => page.close()}>{text.invite.done}</Button>
        {children}
      </div>
    </>
  )
}

function Entry({
  model,
  page,
  fault,
}: {
  readonly model: AddViewModel
  readonly page: ContactsViewModel
  readonly fault: FaultText | undefined
}) {
  const field = useRef<HTMLInputElement>(null)
  const file = useRef<HTMLInputElement>(null)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void model.read(field.current?.value ?? '', 'link')
      }}
    >
      <TextField
        ref={field}
        label={words.adding.paste}
        labelHidden
        type="text"
        inputMode="url"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder={words.adding.pastePlaceholder}
        fault={
          fault && (
            <>
              <strong className="font-semibold">{fault.title}.</strong> {fault.body}
            </>
          )
        }
      />
      <div className="mt-3 flex justify-end gap-2.5">
        <Button onClick={() => page.close()}>{text.common.cancel}</Button>
        <Button type="submit" tone="primary">
          {words.adding.read}
        </Button>
      </div>
      <div className="mt-5 flex flex-col gap-2.5 border-t border-line pt-5">
        <Button onClick={() => model.scan()}>
          <Camera size={18} aria-hidden /> {words.adding.camera}
        </Button>
        <Button onClick={() => file.current?.click()}>
          <ImageUp size={18} aria-hidden /> {words.adding.image}
        </Button>
        <input
          ref={file}
          type="file"
          accept="image/*"
          hidden
          onChange={(event) => {
            const [chosen] = event.currentTarget.files ?? []
            if (chosen) void model.readPicture(chosen)
          }}
        />
      </div>
    </form>
  )
}

function Preview({
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
  const { contacts } = page.people.book.get()
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
