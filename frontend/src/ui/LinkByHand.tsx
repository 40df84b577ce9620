import { Button } from './Button.tsx'
import { Modal } from './Modal.tsx'

/** A link as text to select, for browsers that keep the clipboard closed. */
export function LinkByHand({
  title,
  body,
  field,
  done,
  rows,
  link,
  close,
}: {
  readonly title: string
  readonly body: string
  /** The accessible name of the text. */
  readonly field: string
  readonly done: string
  readonly rows: number
  readonly link: string
  readonly close: () => void
}) {
  return (
    <Modal title={title} close={close}>
      <p className="text-soft">{body}</p>
      <textarea
        readOnly
        rows={rows}
        aria-label={field}
        value={link}
        onFocus={(event) => event.currentTarget.select()}
        className="mt-4 w-full resize-none rounded-control bg-sunken px-3 py-2.5 font-mono text-[0.8125rem] break-all inset-ring inset-ring-edge"
      />
      <form method="dialog" className="mt-4 flex justify-end">
        <Button type="submit" tone="primary">
          {done}
        </Button>
      </form>
    </Modal>
  )
}
