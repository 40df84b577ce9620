import { Fragment, memo, useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { ArrowDown, Check, CheckCheck, Clock, MessageSquare, SendHorizontal } from 'lucide-react'
import type { DeliveryState, MessageView, RoomView } from '@p2pigeon/core'
import { useSession } from '../../../session/index.ts'
import { useLoaded, useReadable, type Loaded } from '../../../state/index.ts'
import { AttachButton, DropGround, pastedFiles } from '../../../ui/files/index.ts'
import { Avatar, Button, cx, IconButton } from '../../../ui/index.ts'
import { cleanText, MessageText } from '../../../ui/messages/index.ts'
import { clockTime, count, text, type FaultText } from '../../../text/index.ts'
import { roomText } from '../../../text/room/index.ts'
import type { FilesFeature, LoadFiles } from '../files-feature.ts'
import { Attached, Tray } from './Attached.tsx'
import type { Attachments } from './attachments.ts'
import { ChatKept } from './ChatKept.tsx'
import { groupMessages, type MessageGroup } from './message-groups.ts'

export interface ChatPanelProps {
  readonly messages: readonly MessageView[]
  readonly fault: FaultText | undefined
  readonly roomLeft: (content: string) => number | undefined
  /** True when the message is on its way. */
  readonly send: (content: string) => boolean
  /** What becomes of the chat after this visit. */
  readonly kept: RoomView['chatKept']
  readonly save: () => void
  readonly remove: () => void
  readonly attachments: Attachments
  /** True in a room above the standard level of privacy. */
  readonly hidesDetails: boolean
  /** Why no files can be attached now; undefined where they can. */
  readonly attachOff: string | undefined
  readonly loadFiles: LoadFiles
}

/** So many messages are built at once; earlier ones on request. */
const shownAtOnce = 150
/** Nearer to the end than this counts as being there. */
const nearEndPx = 80

export function ChatPanel(props: ChatPanelProps) {
  const { messages, kept, save, remove, attachments, attachOff, loadFiles } = props
  const { files } = useSession()
  const list = useRef<HTMLDivElement>(null)
  const contents = useRef<HTMLDivElement>(null)
  const [shown, setShown] = useState(shownAtOnce)
  const [below, setBelow] = useState(false)
  const atEnd = useRef(true)
  const hidden = Math.max(0, messages.length - shown)
  const groups = useMemo(() => groupMessages(messages.slice(hidden)), [messages, hidden])
  const lastEarlierId = messages.findLast(({ earlier }) => earlier !== undefined)?.id
  const lastId = messages.at(-1)?.id
  const lastOwn = messages.at(-1)?.own ?? false
  useLayoutEffect(() => {
    const element = list.current
    if (!element || lastId === undefined) return
    if (atEnd.current || lastOwn) element.scrollTop = element.scrollHeight
    else setBelow(true)
  }, [lastId, lastOwn])
  useEffect(() => {
    // Messages get their height when they come near the screen: whoever is at the end stays there meanwhile.
    const stay = new ResizeObserver(() => {
      if (atEnd.current && list.current) list.current.scrollTop = list.current.scrollHeight
    })
    for (const { current } of [list, contents]) if (current) stay.observe(current)
    return () => stay.disconnect()
  }, [])
  const hasFiles = messages.some((message) => message.files.length > 0)
  const hasAttached = useSyncExternalStore(attachments.state.subscribe, () => {
    const { staged, onWay } = attachments.state.get()
    return staged.length + onWay.length > 0
  })
  // Once for all messages: what did not load is tried again for all of them.
  const feature = useLoaded(hasFiles || hasAttached ? loadFiles : undefined)
  useEffect(() => {
    // What a message says of a file is little; whether it is there only the files themselves can say.
    if (hasFiles) files.open()
  }, [hasFiles, files])
  const toEnd = (): void => {
    list.current?.scrollTo({ top: list.current.scrollHeight, behavior: 'smooth' })
  }
  return (
    <DropGround
      add={attachOff === undefined ? (dropped) => attachments.stage(dropped) : undefined}
      said={attachOff ?? roomText.chat.attach.drop}
      className="flex min-h-0 flex-1 flex-col"
    >
      <ChatKept kept={kept} isEmpty={messages.length === 0} save={save} remove={remove} />
      <div className="relative min-h-0 flex-1">
        <div
          ref={list}
          role="log"
          aria-label={text.chat.log}
          // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
          tabIndex={0}
          className="h-full overflow-y-auto overscroll-contain focus-visible:-outline-offset-2"
          onScroll={(event) => {
            const { scrollHeight, scrollTop, clientHeight } = event.currentTarget
            atEnd.current = scrollHeight - scrollTop - clientHeight < nearEndPx
            if (atEnd.current) setBelow(false)
          }}
        >
          <div ref={contents} className="flex min-h-full flex-col gap-4 px-4 py-4">
            {messages.length === 0 && (
              <div className="m-auto max-w-60 text-center">
                <MessageSquare size={28} aria-hidden className="mx-auto mb-3 text-edge" />
                <p className="font-medium">{text.chat.emptyTitle}</p>
                <p className="mt-1 text-[0.875rem] text-faint">
                  {kept === 'no' ? text.chat.emptyBody : roomText.chat.emptyKept}
                </p>
              </div>
            )}
            {hidden > 0 && (
              <Button
                size="small"
                tone="quiet"
                className="self-center"
                onClick={() => setShown((now) => now + shownAtOnce)}
              >
                {text.chat.earlier(Math.min(hidden, shownAtOnce))}
              </Button>
            )}
            {groups.map((group) => (
              <Fragment key={group.id}>
                <Group group={group} lastOwnId={lastOwnOf(messages)} feature={feature} />
                {group.messages.at(-1)?.id === lastEarlierId && <EarlierEnd />}
              </Fragment>
            ))}
          </div>
        </div>
        {below && (
          <Button
            size="small"
            tone="primary"
            className="absolute! bottom-3 left-1/2 -translate-x-1/2 shadow-float"
            onClick={toEnd}
          >
            <ArrowDown size={15} aria-hidden /> {text.chat.newBelow}
          </Button>
        )}
      </div>
      <Composer {...props} feature={feature} />
    </DropGround>
  )
}

/** What stands above it was here before this visit. */
function EarlierEnd() {
  return (
    <p role="separator" className="flex items-center gap-3 text-[0.75rem] text-faint">
      <span aria-hidden className="h-px flex-1 bg-line" />
      {roomText.chat.earlierEnd}
      <span aria-hidden className="h-px flex-1 bg-line" />
    </p>
  )
}

function lastOwnOf(messages: readonly MessageView[]): string | undefined {
  return messages.findLast((message) => message.own)?.id
}

interface GroupProps {
  readonly group: MessageGroup
  readonly lastOwnId: string | undefined
  readonly feature: Loaded<FilesFeature>
}

function Group({ group, lastOwnId, feature }: GroupProps) {
  return (
    <div className="flex gap-2.5">
      <Avatar name={group.fromName} seed={group.from} className="mt-0.5 size-7 text-[0.6875rem]" />
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2">
          <bdi className="truncate text-[0.875rem] font-semibold">{group.own ? text.chat.you : group.fromName}</bdi>
          <time dateTime={new Date(group.sentAtMs).toISOString()} className="shrink-0 text-[0.75rem] text-faint">
            {clockTime(group.sentAtMs)}
          </time>
        </p>
        {group.messages.map((message) => (
          <Message key={message.id} message={message} last={message.id === lastOwnId} feature={feature} />
        ))}
      </div>
    </div>
  )
}

interface MessageProps {
  readonly message: MessageView
  readonly last: boolean
  readonly feature: Loaded<FilesFeature>
}

const Message = memo(function Message({ message, last, feature }: MessageProps) {
  // A delivered message is the normal case: said once, under the latest own one.
  const settled = message.delivery.kind === 'delivered' || message.delivery.kind === 'received'
  return (
    <div className="mt-0.5 [content-visibility:auto]">
      {message.content !== '' && <MessageText content={message.content} linkedBy="http or https" />}
      {message.files.length > 0 && <Attached said={message.files} feature={feature} />}
      {message.own && (last || !settled) && <Delivery delivery={message.delivery} />}
    </div>
  )
})

function Delivery({ delivery }: { readonly delivery: DeliveryState }) {
  if (delivery.kind === 'received') return null
  const Icon = delivery.kind === 'delivered' ? CheckCheck : delivery.kind === 'sending' ? Check : Clock
  return (
    <p data-delivery={delivery.kind} className="mt-0.5 flex items-center gap-1 text-[0.75rem] text-faint">
      <Icon size={13} aria-hidden />
      {delivery.kind === 'queued' && text.chat.queued}
      {delivery.kind === 'sending' &&
        text.chat.sending(delivery.acknowledged, delivery.acknowledged + delivery.waiting)}
      {delivery.kind === 'delivered' && text.chat.delivered}
    </p>
  )
}

interface ComposerProps extends ChatPanelProps {
  readonly feature: Loaded<FilesFeature>
}

function Composer({ fault, roomLeft, send, attachments, hidesDetails, attachOff, feature }: ComposerProps) {
  const { notices } = useSession()
  const attached = useReadable(attachments.state)
  const { staged, onWay } = attached
  const [draft, setDraft] = useState(attached.returned)
  const field = useRef<HTMLTextAreaElement>(null)
  const left = roomLeft(draft)
  const tooLong = left !== undefined && left < 0
  const empty = draft.trim() === '' && staged.length === 0
  useEffect(() => field.current?.focus(), [])
  useEffect(() => {
    // What had come back before this was shown is the draft already.
    attachments.takeReturned()
    return attachments.state.subscribe(() => {
      const back = attachments.takeReturned()
      // Whatever is being written meanwhile stays.
      if (back !== '') setDraft((now) => [now, back].filter(Boolean).join('\n'))
    })
  }, [attachments])
  const submit = (): void => {
    if (empty || tooLong) return
    if (staged.length > 0) {
      attachments.post(cleanText(draft).trim())
      setDraft('')
    } else if (send(cleanText(draft))) setDraft('')
    field.current?.focus()
  }
  return (
    <form
      className="shrink-0 border-t border-line p-3"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      {staged.length + onWay.length > 0 && (
        <Tray
          attachments={attachments}
          hidesDetails={hidesDetails}
          state={attached}
          feature={feature}
          cancel={(key) => {
            attachments.cancel(key)
            // The button that was pressed is gone.
            field.current?.focus()
          }}
        />
      )}
      <div className="flex items-end gap-2">
        <AttachButton
          label={roomText.chat.attach.label}
          off={attachOff}
          add={(chosen) => attachments.stage(chosen)}
          refused={() => attachOff !== undefined && notices.toast(attachOff, { tone: 'fault' })}
        />
        <textarea
          ref={field}
          aria-label={text.chat.field}
          aria-describedby="composer-said"
          aria-invalid={tooLong || undefined}
          rows={1}
          value={draft}
          placeholder={text.chat.placeholder}
          onChange={(event) => setDraft(event.currentTarget.value)}
          onPaste={(event) => {
            const pasted = pastedFiles(event.clipboardData)
            if (pasted.length === 0) return
            event.preventDefault()
            if (attachOff === undefined) attachments.stage(pasted)
            else notices.toast(attachOff, { tone: 'fault' })
          }}
          onKeyDown={(event) => {
            // While an input method composes, Enter chooses a word.
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            submit()
          }}
          className="field-sizing-content max-h-36 min-h-11 min-w-0 flex-1 resize-none rounded-control bg-surface px-3.5 py-2.5 leading-snug inset-ring inset-ring-edge focus-visible:-outline-offset-1 placeholder:text-faint"
        />
        <IconButton
          type="submit"
          label={text.chat.send}
          tone="on"
          disabled={empty || tooLong}
          className="disabled:bg-hover disabled:text-faint"
        >
          <SendHorizontal size={19} aria-hidden />
        </IconButton>
      </div>
      <p
        id="composer-said"
        className={cx(
          'text-[0.8125rem]',
          (left !== undefined || fault) && 'mt-1.5',
          tooLong || fault ? 'text-danger-ink' : 'text-faint',
        )}
      >
        {fault
          ? `${fault.title}. ${fault.body}`
          : left !== undefined && (tooLong ? text.chat.tooLong(count(-left)) : text.chat.left(count(left)))}
      </p>
    </form>
  )
}
