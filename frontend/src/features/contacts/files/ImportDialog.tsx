import { useRef, useState } from 'react'
import { useReadable } from '../../../state/index.ts'
import type { OpenedContacts } from '../../../session/index.ts'
import { Avatar, Banner, Button, cx, Modal, Spinner, TextField } from '../../../ui/index.ts'
import { contactsText as words } from '../../../text/contacts/index.ts'
import { text } from '../../../text/index.ts'
import type { ContactsViewModel } from '../contacts-view-model.ts'
import { FileChoice } from './FileChoice.tsx'
import { ImportViewModel, type ImportState } from './file-view-models.ts'

export function ImportDialog({ model: page }: { readonly model: ContactsViewModel }) {
  const [model] = useState(
    () =>
      new ImportViewModel({
        open: (file, passphrase) => page.people.files.open(file, passphrase),
        done: (added) => {
          page.close()
          page.toast(added > 0 ? words.files.imported(added) : words.files.importedNone)
        },
      }),
  )
  const state = useReadable(model.state)
  return (
    <Modal title={words.files.importTitle} close={() => page.close()}>
      {(state.kind === 'preview' || state.kind === 'importing') && <Preview state={state} model={model} page={page} />}
      {(state.kind === 'locked' || state.kind === 'opening') && <Locked state={state} model={model} page={page} />}
      {state.kind === 'choosing' && (
        <>
          <p className="text-[0.875rem] text-soft">{words.settings.filesNote}</p>
          {state.fault && (
            <div role="alert" className="mt-4">
              <Banner tone="fault" title={state.fault} />
            </div>
          )}
          <div className="mt-5 flex justify-end gap-2.5">
            <Button onClick={() => page.close()}>{text.common.cancel}</Button>
            <FileChoice choose={(file) => model.choose(file)} />
          </div>
        </>
      )}
    </Modal>
  )
}

interface StepProps<Kind extends ImportState['kind']> {
  readonly state: Extract<ImportState, { kind: Kind }>
  readonly model: ImportViewModel
  readonly page: ContactsViewModel
}

function Locked({ state, model, page }: StepProps<'locked' | 'opening'>) {
  const field = useRef<HTMLInputElement>(null)
  const busy = state.kind === 'opening'
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void model.open(field.current?.value ?? '')
      }}
    >
      <TextField
        ref={field}
        label={words.files.passphrase}
        type="password"
        autoComplete="current-password"
        fault={state.kind === 'locked' ? state.fault : undefined}
      />
      <div className="mt-5 flex justify-end gap-2.5">
        <Button onClick={() => page.close()}>{text.common.cancel}</Button>
        <Button type="submit" tone="primary" disabled={busy}>
          {busy && <Spinner />}
          {busy ? words.files.opening : words.files.open}
        </Button>
      </div>
    </form>
  )
}

const labels = { new: words.files.fresh, known: words.files.known, conflict: words.files.conflict } as const

function Preview({ state, model, page }: StepProps<'preview' | 'importing'>) {
  const { contacts } = state.opened
  const busy = state.kind === 'importing'
  const fault = state.kind === 'preview' ? state.fault : undefined
  return (
    <>
      {contacts.length === 0 ? (
        <p className="text-soft">{words.files.nothing}</p>
      ) : (
        <>
          <Summary contacts={contacts} />
          <ul
            aria-label={words.files.preview}
            className="mt-3 max-h-72 divide-y divide-line overflow-y-auto rounded-card inset-ring inset-ring-line"
          >
            {contacts.map(({ id, name, kind }) => (
              <li key={id} className="flex items-center gap-3 px-3 py-2">
                <Avatar name={name} seed={id} className="size-9 text-[0.75rem]" />
                <bdi className="min-w-0 flex-1 truncate">{name}</bdi>
                <span
                  className={cx(
                    'shrink-0 text-[0.8125rem]',
                    kind === 'new' ? 'text-good' : kind === 'known' ? 'text-faint' : 'font-medium text-danger-ink',
                  )}
                >
                  {labels[kind]}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      <p className="mt-3 text-[0.8125rem] text-faint">{state.opened.own ? words.files.own : words.files.foreign}</p>
      {fault && (
        <div role="alert" className="mt-4">
          <Banner tone="fault" title={fault} />
        </div>
      )}
      <div className="mt-5 flex justify-end gap-2.5">
        <Button onClick={() => page.close()}>{text.common.cancel}</Button>
        {contacts.length > 0 && (
          <Button tone="primary" disabled={busy} onClick={() => void model.import()}>
            {busy && <Spinner />}
            {words.files.import}
          </Button>
        )}
      </div>
    </>
  )
}

function Summary({ contacts }: { readonly contacts: OpenedContacts['contacts'] }) {
  const count = (kind: (typeof contacts)[number]['kind']): number => contacts.filter((one) => one.kind === kind).length
  const [fresh, known, conflicts] = [count('new'), count('known'), count('conflict')]
  return (
    <ul className="list-disc pl-5 text-[0.875rem] text-soft">
      {fresh > 0 && <li>{words.files.freshNote(fresh)}</li>}
      {known > 0 && <li>{words.files.knownNote(known)}</li>}
      {conflicts > 0 && <li className="text-danger-ink">{words.files.conflictNote(conflicts)}</li>}
    </ul>
  )
}
