import { LinkByHand } from '../../ui/index.ts'
import { text } from '../../text/index.ts'

/** An invite link that the clipboard did not take. */
export function InviteByHand({ link, close }: { readonly link: string; readonly close: () => void }) {
  const { title, body, field, done } = text.invite
  return <LinkByHand title={title} body={body} field={field} done={done} rows={4} link={link} close={close} />
}
