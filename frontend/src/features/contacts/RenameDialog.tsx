import { useRef } from 'react'
import type { Contact } from '@p2pigeon/core/people'
import { maxNameLength } from '../../session/index.ts'
import { Button, Modal, TextField } from '../../ui/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import { text } from '../../text/index.ts'
import type { ContactsViewModel } from './contacts-view-model.ts'

export function RenameDialog({ model, contact }: { readonly model: ContactsViewModel; readonly contact: Contact }) {
  const field = useRef<HTMLInputElement>(null)
  const { claimedName, petname } = contact
  return (
    <Modal title={words.rename.title(petname)} close={() => model.close()}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void model.rename(contact.id, field.current?.value ?? '')
          model.close()
        }}
      >
        <TextField
          ref={field}
          label={words.rename.field}
          defaultValue={petname}
          maxLength={maxNameLength}
          required
          autoComplete="off"
          onFocus={(event) => event.currentTarget.select()}
          {...(claimedName ? { note: words.rename.note(claimedName) } : {})}
        />
        <div className="mt-5 flex justify-end gap-2.5">
          <Button onClick={() => model.close()}>{text.common.cancel}</Button>
          <Button type="submit" tone="primary">
            {text.common.save}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
