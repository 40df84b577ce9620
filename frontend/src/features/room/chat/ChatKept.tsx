import { useState } from 'react'
import { Archive, Download, EllipsisVertical, Trash2, TriangleAlert } from 'lucide-react'
import type { RoomView } from '@p2pigeon/core'
import { Button, IconButton, Modal } from '../../../ui/index.ts'
import { ActionMenu } from '../../../ui/overlays/index.ts'
import { text } from '../../../text/index.ts'
import { roomText } from '../../../text/room/index.ts'

export interface ChatKeptProps {
  readonly kept: RoomView['chatKept']
  readonly isEmpty: boolean
  readonly save: () => void
  readonly remove: () => void
}

const icons = { yes: Archive, failing: TriangleAlert } as const

/** Says what becomes of the chat and, where it is kept, what its owner can do with it. */
export function ChatKept({ kept, isEmpty, save, remove }: ChatKeptProps) {
  const words = roomText.chat
  const [asking, setAsking] = useState(false)
  const Icon = kept === 'no' ? undefined : icons[kept]
  return (
    <div className="flex min-h-10 shrink-0 items-center gap-2 border-b border-line py-1 pr-1.5 pl-4 text-[0.8125rem] text-soft">
      {Icon && <Icon size={15} aria-hidden className={kept === 'failing' ? 'shrink-0 text-warn-ink' : 'shrink-0'} />}
      <p role="status" className="min-w-0 flex-1">
        {words.said[kept]}
      </p>
      {kept !== 'no' && (
        <ActionMenu
          trigger={
            <IconButton label={words.more} size="small">
              <EllipsisVertical size={17} aria-hidden />
            </IconButton>
          }
          actions={[
            ...(isEmpty ? [] : [{ id: 'save', label: words.save, icon: <Download size={18} />, run: save }]),
            {
              id: 'delete',
              label: words.remove,
              icon: <Trash2 size={18} />,
              danger: true,
              run: () => setAsking(true),
            },
          ]}
        />
      )}
      {asking && (
        <Modal title={words.removeTitle} close={() => setAsking(false)}>
          <p className="text-soft">{words.removeAsk}</p>
          <form method="dialog" className="mt-5 flex justify-end gap-2.5">
            <Button type="submit">{text.common.cancel}</Button>
            <Button type="submit" tone="danger" onClick={remove}>
              {words.removeYes}
            </Button>
          </form>
        </Modal>
      )}
    </div>
  )
}
