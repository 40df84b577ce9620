import { useEffect, useRef, useState, type ReactNode } from 'react'
import { Camera, ImageUp } from 'lucide-react'
import { useReadable } from '../../state/index.ts'
import { Button, Modal, Spinner, TextField } from '../../ui/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import { text, type FaultText } from '../../text/index.ts'
import { AddViewModel, type AddState } from './add-view-model.ts'
import { Preview } from './AddPreview.tsx'
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
  const [model] = useState(() => new AddViewModel({ contacts: page.people.contacts, readPicture }))
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
      return page.people.contacts.trustOf(state.contact).kind === 'verified' ? (
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
