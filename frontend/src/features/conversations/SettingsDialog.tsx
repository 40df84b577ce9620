import { useState } from 'react'
import type { RelayHealth } from '@p2pigeon/core/chat'
import type { Chats } from '../../session/index.ts'
import { useReadable } from '../../state/index.ts'
import { Button, cx, Modal, Switch } from '../../ui/index.ts'
import { chatsText as words } from '../../text/conversations/index.ts'
import { timeAgo } from '../../text/index.ts'

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
  const relays = useReadable(chats.relays)
  const [nowMs] = useState(now)
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
      <section aria-labelledby="relays" className="mt-4">
        <h3 id="relays" className="font-semibold">
          {words.options.relays}
        </h3>
        <p className="mt-0.5 text-[0.8125rem] text-faint">
          {relays.length > 0 ? words.options.relaysNote : words.options.noRelays}
        </p>
        {relays.length > 0 && (
          <ul className="mt-3 divide-y divide-line rounded-control inset-ring inset-ring-line">
            {relays.map((relay) => (
              <Relay key={relay.url} relay={relay} nowMs={nowMs} />
            ))}
          </ul>
        )}
      </section>
      <div className="mt-5 flex justify-end">
        <Button tone="primary" onClick={close}>
          {words.options.done}
        </Button>
      </div>
    </Modal>
  )
}

function Relay({ relay, nowMs }: { readonly relay: RelayHealth; readonly nowMs: number }) {
  const { url, state, failures, lastHeardMs } = relay
  const details = [
    words.options.state[state],
    failures > 0 && state !== 'ready' ? words.options.failures(failures) : '',
    lastHeardMs === undefined ? '' : words.options.heard(timeAgo(lastHeardMs, nowMs)),
  ].filter(Boolean)
  return (
    <li className="flex items-center gap-3 px-3 py-2.5">
      <span
        aria-hidden
        className={cx(
          'size-2.5 shrink-0 rounded-full',
          state === 'ready' ? 'bg-good' : 'bg-edge',
          state === 'connecting' && 'breathe',
        )}
      />
      <span className="min-w-0">
        <span className="block truncate text-[0.875rem] font-medium">{url.replace(/^wss?:\/\//u, '')}</span>
        <span className={cx('block text-[0.8125rem]', state === 'waiting' ? 'text-warn-ink' : 'text-faint')}>
          {details.join(' · ')}
        </span>
      </span>
    </li>
  )
}

/** Why the browser will not tell of messages; undefined when it will. */
async function askToNotify(): Promise<string | undefined> {
  if (!('Notification' in globalThis)) return words.options.unsupported
  const answer =
    Notification.permission === 'default' ? await Notification.requestPermission() : Notification.permission
  return answer === 'granted' ? undefined : words.options.denied
}
