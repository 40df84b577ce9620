import type { ReactNode } from 'react'
import { Button, Modal } from '../../ui/index.ts'
import { text } from '../../text/index.ts'

/** A step that cannot be undone, asked about first. */
export function Question({
  title,
  body,
  yes,
  danger,
  act,
  close,
  children,
}: {
  readonly title: string
  readonly body: string
  readonly yes: string
  readonly danger?: boolean
  readonly act: () => void
  readonly close: () => void
  readonly children?: ReactNode
}) {
  return (
    <Modal title={title} close={close}>
      <p className="text-soft">{body}</p>
      {children}
      <form method="dialog" className="mt-5 flex justify-end gap-2.5">
        <Button type="submit">{text.common.cancel}</Button>
        <Button type="submit" tone={danger ? 'danger' : 'primary'} onClick={act}>
          {yes}
        </Button>
      </form>
    </Modal>
  )
}
