import { useRef, useState } from 'react'
import { CircleCheck } from 'lucide-react'
import { useReadable } from '../../../state/index.ts'
import { Banner, Button, Modal, Spinner, TextField } from '../../../ui/index.ts'
import { contactsText as words } from '../../../text/contacts/index.ts'
import { faultText, text } from '../../../text/index.ts'
import type { ContactsViewModel } from '../contacts-view-model.ts'
import { download } from './download.ts'
import { ExportViewModel } from './file-view-models.ts'

export function ExportDialog({ model: page }: { readonly model: ContactsViewModel }) {
  const { files } = page.people
  const [model] = useState(
    () =>
      new ExportViewModel({
        minPassphraseLength: files.minPassphraseLength,
        seal: (passphrase) => files.export(passphrase),
        save: download,
      }),
  )
  const state = useReadable(model.state)
  const passphrase = useRef<HTMLInputElement>(null)
  const again = useRef<HTMLInputElement>(null)
  const fault = state.kind === 'form' ? state.fault : undefined
  if (state.kind === 'saved') {
    return (
      <Modal title={words.files.exportTitle} close={() => page.close()}>
        <p role="status" className="flex items-start gap-3 text-soft">
          <CircleCheck size={20} aria-hidden className="mt-0.5 shrink-0 text-good" /> {words.files.saved}
        </p>
        <div className="mt-5 flex justify-end">
          <Button tone="primary" onClick={() => page.close()}>
            {text.invite.done}
          </Button>
        </div>
      </Modal>
    )
  }
  return (
    <Modal title={words.files.exportTitle} close={() => page.close()}>
      <p className="mb-4 text-[0.875rem] text-soft">{words.settings.filesNote}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void model.save(passphrase.current?.value ?? '', again.current?.value ?? '')
        }}
      >
        <TextField
          ref={passphrase}
          label={words.files.passphrase}
          type="password"
          autoComplete="new-password"
          {...(fault?.field === 'new'
            ? { fault: fault.words }
            : { note: words.files.passphraseNote(files.minPassphraseLength) })}
        />
        <TextField
          className="mt-4"
          ref={again}
          label={words.files.repeat}
          type="password"
          autoComplete="new-password"
          {...(fault?.field === 'again' ? { fault: fault.words } : {})}
        />
        {state.kind === 'failed' && (
          <div role="alert" className="mt-4">
            <Banner tone="fault" title={faultText('unexpected').title}>
              {faultText('unexpected').body}
            </Banner>
          </div>
        )}
        <div className="mt-5 flex justify-end gap-2.5">
          <Button onClick={() => page.close()}>{text.common.cancel}</Button>
          <Button type="submit" tone="primary" disabled={state.kind === 'sealing'}>
            {state.kind === 'sealing' && <Spinner />}
            {state.kind === 'sealing' ? words.files.working : words.files.make}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
