import { Button, Modal } from '../../ui/index.ts'
import { text } from '../../text/index.ts'

/** The link as text to select, for browsers that keep the clipboard closed. */
export function InviteByHand({ link, close }: { readonly link: string; readonly close: () => void }) {
  return (
    <Modal title={text.invite.title} close={close}>
      <p className="text-soft">{text.invite.body}</p>
      <textarea
        readOnly
        rows={4}
        aria-label={text.invite.field}
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
