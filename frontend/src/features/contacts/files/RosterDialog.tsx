import { useState } from 'react'
import { useReadable } from '../../../state/index.ts'
import type { OpenedRoster } from '../../../session/index.ts'
import { Banner, Button, Modal, Spinner } from '../../../ui/index.ts'
import { contactsText as words } from '../../../text/contacts/index.ts'
import { day, text } from '../../../text/index.ts'
import { validityWords } from '../contact-words.ts'
import type { ContactsViewModel } from '../contacts-view-model.ts'
import { FileChoice } from './FileChoice.tsx'
import { RosterViewModel } from './file-view-models.ts'

export function RosterDialog({ model: page }: { readonly model: ContactsViewModel }) {
  const [model] = useState(
    () =>
      new RosterViewModel({
        open: (file) => page.people.files.openRoster(file),
        done: (said) => {
          page.close()
          page.toast(said)
        },
      }),
  )
  const state = useReadable(model.state)
  return (
    <Modal
      title={state.kind === 'asking' ? words.roster.title : words.settings.addRoster}
      close={() => page.close()}
      wide
    >
      {state.kind === 'asking' ? (
        <Asking opened={state.opened} busy={state.busy} model={model} page={page} />
      ) : (
        <>
          <p className="text-[0.875rem] text-soft">{words.settings.rosterNote}</p>
          {state.kind === 'choosing' && state.fault && (
            <div role="alert" className="mt-4">
              <Banner tone="fault" title={state.fault} />
            </div>
          )}
          <div className="mt-5 flex items-center justify-end gap-2.5">
            {state.kind === 'reading' && <Spinner />}
            <Button onClick={() => page.close()}>{text.common.cancel}</Button>
            <FileChoice choose={(file) => void model.read(file)} />
          </div>
        </>
      )}
    </Modal>
  )
}

function Asking({
  opened: { roster, fingerprint },
  busy,
  model,
  page,
}: {
  readonly opened: OpenedRoster
  readonly busy: boolean
  readonly model: RosterViewModel
  readonly page: ContactsViewModel
}) {
  return (
    <>
      <p className="text-[0.875rem] text-soft">{words.roster.body}</p>
      <dl className="mt-4 space-y-3 rounded-card bg-sunken px-4 py-3.5">
        <div>
          <dt className="text-[0.8125rem] text-faint">{words.roster.organisation}</dt>
          <dd className="text-[1.0625rem] font-semibold">
            <bdi>{roster.organisation}</bdi>
          </dd>
        </div>
        <div>
          <dt className="text-[0.8125rem] text-faint">{words.roster.fingerprint}</dt>
          <dd className="font-mono text-[1.0625rem] tracking-wide">{fingerprint}</dd>
        </div>
        <div>
          <dt className="sr-only">{words.roster.contents}</dt>
          <dd className="text-[0.875rem] text-soft">
            {[
              words.roster.members(roster.members.length),
              ...(roster.revoked.length > 0 ? [words.roster.revoked(roster.revoked.length)] : []),
              words.roster.issued(day(roster.issuedAtMs)),
              validityWords(roster, page.now()),
            ].join(' · ')}
          </dd>
        </div>
      </dl>
      <div className="mt-5 flex flex-wrap justify-end gap-2.5">
        <Button onClick={() => page.close()}>{text.common.cancel}</Button>
        <Button tone="primary" disabled={busy} onClick={() => void model.trust()}>
          {busy && <Spinner />}
          {words.roster.accept}
        </Button>
      </div>
    </>
  )
}
