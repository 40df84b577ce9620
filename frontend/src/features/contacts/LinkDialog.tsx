import { Button, Modal } from '../../ui/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import { text } from '../../text/index.ts'
import type { ContactsViewModel } from './contacts-view-model.ts'

/** A link as text to select, for browsers that keep the clipboard closed. */
export function LinkDialog({ model, link }: { readonly model: ContactsViewModel; readonly link: string }) {
  return (
    <Modal title={words.adding.paste} close={() => model.close()}>
      <p className="text-soft">{words.card.byHand}</p>
      <textarea
        readOnly
        rows={6}
        aria-label={words.adding.paste}
        value={link}
        onFocus={(event) => event.currentTarget.select()}
        className="mt-4 w-full resize-none rounded-control bg-sunken px-3 py-2.5 font-mono text-[0.8125rem] break-all inset-ring inset-ring-edge"
      />
      <form method="dialog" className="mt-4 flex justify-end">
        <Button type="submit" tone="primary">
          {text.invite.done}
        </Button>
      </form>
    </Modal>
  )
}
