import { useState } from 'react'
import { Trash2 } from 'lucide-react'
import { faultCode, type Chats, type OwnRelay, type RelayAnswer } from '../../session/index.ts'
import { useReadable } from '../../state/index.ts'
import { Button, cx, IconButton, TextField } from '../../ui/index.ts'
import { chatsText } from '../../text/conversations/index.ts'
import { faultText, text, timeAgo } from '../../text/index.ts'

const words = chatsText.options
/** The session takes no more; here it only decides what is offered. */
const maxListed = 8

export interface RelayListProps {
  readonly chats: Chats
  readonly now: () => number
}

/** Where the user takes their mail: how each relay is, and a list of their own that they can change. */
export function RelayList({ chats, now }: RelayListProps) {
  const relays = useReadable(chats.relays)
  const [nowMs] = useState(now)
  const [said, setSaid] = useState<{ readonly words: string; readonly removed?: string }>()
  const isFull = relays.filter(({ listed }) => listed).length >= maxListed
  // Here and not behind the dialog.
  const failed = (error: unknown): void => setSaid({ words: faultText(faultCode(error)).body })
  const remove = async (url: string): Promise<void> => {
    await chats.removeRelay(url)
    setSaid({ words: words.removed(shown(url)), removed: url })
  }
  const undo = async (url: string): Promise<void> => {
    await chats.addRelay(url)
    setSaid({ words: words.added(shown(url)) })
  }
  return (
    <section aria-labelledby="relays" className="mt-4">
      <h3 id="relays" className="font-semibold">
        {words.relays}
      </h3>
      <p className="mt-0.5 text-[0.8125rem] text-faint">{relays.length > 0 ? words.relaysNote : words.noRelays}</p>
      {relays.length > 0 && (
        <ul className="mt-3 divide-y divide-line rounded-control inset-ring inset-ring-line">
          {relays.map((relay) => (
            <Relay key={relay.url} relay={relay} nowMs={nowMs} remove={() => void remove(relay.url).catch(failed)} />
          ))}
        </ul>
      )}
      <div
        role="status"
        className={cx('flex min-h-9 items-center gap-2 text-[0.8125rem] text-soft', !said && 'sr-only')}
      >
        {said && <span className="min-w-0 break-words">{said.words}</span>}
        {said?.removed !== undefined && (
          <Button
            size="small"
            tone="quiet"
            // What had the focus is gone with what was removed.
            ref={takeFocus}
            onClick={() => void undo(said.removed ?? '').catch(failed)}
          >
            {text.common.undo}
          </Button>
        )}
      </div>
      {isFull ? (
        <p className="mt-2 text-[0.8125rem] text-faint">{words.full}</p>
      ) : (
        <NewRelay
          add={(address) => chats.addRelay(address)}
          added={(address) => setSaid({ words: words.added(shown(address)) })}
        />
      )}
    </section>
  )
}

function NewRelay({
  add,
  added,
}: {
  readonly add: (address: string) => Promise<RelayAnswer>
  readonly added: (address: string) => void
}) {
  const [address, setAddress] = useState('')
  const [fault, setFault] = useState<string>()
  const submit = async (): Promise<void> => {
    const answer = await add(address)
    if (answer !== 'added') {
      setFault(words.refused[answer])
      return
    }
    setFault(undefined)
    added(address.trim())
    setAddress('')
  }
  return (
    <form
      noValidate
      className="mt-3 flex items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        void submit().catch((error: unknown) => setFault(faultText(faultCode(error)).body))
      }}
    >
      <TextField
        className="min-w-0 flex-1"
        label={words.add}
        note={words.addNote}
        fault={fault}
        placeholder="wss://relay.example"
        type="url"
        inputMode="url"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={300}
        value={address}
        onChange={({ target }) => {
          setAddress(target.value)
          setFault(undefined)
        }}
      />
      <Button type="submit" className="mt-[1.6875rem]" disabled={address.trim() === ''}>
        {words.addButton}
      </Button>
    </form>
  )
}

function Relay({
  relay: { url, state, failures, lastHeardMs, listed },
  nowMs,
  remove,
}: {
  readonly relay: OwnRelay
  readonly nowMs: number
  readonly remove: () => void
}) {
  const details = [
    listed ? '' : words.ofNode,
    words.state[state],
    failures > 0 && state !== 'ready' ? words.failures(failures) : '',
    lastHeardMs === undefined ? '' : words.heard(timeAgo(lastHeardMs, nowMs)),
  ].filter(Boolean)
  return (
    <li className="flex min-h-15 items-center gap-3 py-2 pr-2 pl-3">
      <span
        aria-hidden
        className={cx(
          'size-2.5 shrink-0 rounded-full',
          state === 'ready' ? 'bg-good' : 'bg-edge',
          state === 'connecting' && 'breathe',
        )}
      />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-[0.875rem] font-medium">{shown(url)}</span>
        <span className={cx('block text-[0.8125rem]', state === 'waiting' ? 'text-warn-ink' : 'text-faint')}>
          {details.join(' · ')}
        </span>
      </span>
      {listed && (
        <IconButton label={words.remove(shown(url))} onClick={remove}>
          <Trash2 size={18} aria-hidden />
        </IconButton>
      )}
    </li>
  )
}

function shown(url: string): string {
  return url.replace(/^wss?:\/\//u, '')
}

function takeFocus(button: HTMLButtonElement | null): void {
  button?.focus()
}
