import { useState } from 'react'
import type { Chats } from '../../session/index.ts'
import { useReadable } from '../../state/index.ts'
import { Button, cx, Modal, Switch } from '../../ui/index.ts'
import { chatsText as words } from '../../text/conversations/index.ts'
import { RelayList } from './RelayList.tsx'

/** What is told to others and to the user, and how the relays are. */
export function SettingsDialog({
  chats,
  complain,
  close,
  now,
}: {
  readonly chats: Chats
  readonly complain: (error: unknown) => void
  readonly close: () => void
  readonly now: () => number
}) {
  const { receipts, notifications } = useReadable(chats.settings)
  const [said, setSaid] = useState<string>()
  const notify = async (isOn: boolean): Promise<void> => {
    setSaid(undefined)
    if (isOn) {
      const refusal = await askToNotify()
      setSaid(refusal)
      if (refusal !== undefined) return
    }
    await chats.change({ notifications: isOn })
  }
  return (
    <Modal wide title={words.options.title} close={close}>
      <Switch
        label={words.options.receipts}
        note={words.options.receiptsNote}
        on={receipts}
        toggle={(isOn) => void chats.change({ receipts: isOn }).catch(complain)}
      />
      <Switch
        label={words.options.notifications}
        note={words.options.notificationsNote}
        on={notifications}
        toggle={(isOn) => void notify(isOn).catch(complain)}
      />
      <p role="status" className={cx('text-[0.8125rem] text-warn-ink', said !== undefined && 'mt-1 mb-2')}>
        {said}
      </p>
      <RelayList chats={chats} now={now} />
      <div className="mt-5 flex justify-end">
        <Button tone="primary" onClick={close}>
          {words.options.done}
        </Button>
      </div>
    </Modal>
  )
}

/** Why the browser will not tell of messages; undefined when it will. */
async function askToNotify(): Promise<string | undefined> {
  if (!('Notification' in globalThis)) return words.options.unsupported
  const answer =
    Notification.permission === 'default' ? await Notification.requestPermission() : Notification.permission
  return answer === 'granted' ? undefined : words.options.denied
}
