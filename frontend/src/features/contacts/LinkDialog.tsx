import { LinkByHand } from '../../ui/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import { text } from '../../text/index.ts'
import type { ContactsViewModel } from './contacts-view-model.ts'

/** A contact link that the clipboard did not take. */
export function LinkDialog({ model, link }: { readonly model: ContactsViewModel; readonly link: string }) {
  return (
    <LinkByHand
      title={words.adding.paste}
      body={words.card.byHand}
      field={words.adding.paste}
      done={text.invite.done}
      rows={6}
      link={link}
      close={() => model.close()}
    />
  )
}
