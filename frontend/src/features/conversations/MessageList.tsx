import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import type { MessageView } from '@p2pigeon/core/chat'
import type { ChatView } from '../../session/index.ts'
import { Button, cx, Spinner } from '../../ui/index.ts'
import { chatsText as words } from '../../text/conversations/index.ts'
import { MessageItem } from './MessageItem.tsx'
import type { MessageActions } from './message-actions.ts'
import { timelineOf } from './timeline.ts'
import { useNow } from './use-now.ts'

/** Nearer to the end than this counts as being there. */
const nearEndPx = 80
/** Nearer to the start than this, earlier messages are loaded. */
const nearStartPx = 240
/** Room above the first message for what is said of earlier ones. */
const headPx = 64
const foundShownMs = 2_000
const fileRowPx = 96

export interface MessageListProps {
  readonly view: ChatView
  readonly name: string
  readonly nameOf: (key: string) => string
  /** A message to scroll to. */
  readonly sought: string | undefined
  /** It is on the screen, or not to be found. */
  readonly settled: () => void
  readonly loadEarlier: () => Promise<void>
  /** Undefined where nothing can be done with messages. */
  readonly actions: MessageActions | undefined
  readonly now: () => number
}

/** What was said. Only what is near the screen is built, however much there is. */
export function MessageList(props: MessageListProps) {
  const { view, name, nameOf, sought, settled, loadEarlier, actions, now } = props
  const { messages, hasEarlier, conversation } = view
  const nowMs = useNow(now)
  const scroller = useRef<HTMLDivElement>(null)
  const [isAtEnd, setAtEnd] = useState(true)
  const [isBusy, setBusy] = useState(false)
  const isLoading = useRef(false)
  const wasAtEnd = useRef(true)
  const [found, setFound] = useState<string>()
  const [seen, setSeen] = useState<string>()
  const rows = useMemo(() => timelineOf(messages, nowMs), [messages, nowMs])
  const byId = useMemo(() => new Map(messages.map((message) => [message.id, message])), [messages])
  // eslint-disable-next-line react-hooks/incompatible-library -- rows take plain values only, never functions of the virtualizer
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimate(rows[index]?.message),
    getItemKey: (index) => rows[index]?.message.id ?? index,
    overscan: 10,
    paddingStart: headPx,
    paddingEnd: 12,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: nearEndPx,
  })
  const last = messages.at(-1)
  const sentId = last?.own ? last.id : undefined
  const isEmpty = rows.length === 0
  const followed = useRef(sentId)
  useLayoutEffect(() => {
    if (!isEmpty) virtual.scrollToEnd()
  }, [virtual, isEmpty])
  useLayoutEffect(() => {
    // Whoever sends wants to see it, wherever they were reading.
    if (sentId === undefined || sentId === followed.current) return
    followed.current = sentId
    virtual.scrollToEnd()
  }, [virtual, sentId])
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    // Files to be sent, a keyboard and the like take room from the list: whoever is at its end stays there.
    const observer = new ResizeObserver(() => wasAtEnd.current && virtual.scrollToEnd())
    observer.observe(element)
    return () => observer.disconnect()
  }, [virtual])
  const load = async (): Promise<void> => {
    if (isLoading.current) return
    isLoading.current = true
    setBusy(true)
    await loadEarlier()
    isLoading.current = false
    setBusy(false)
  }
  useEffect(() => {
    if (sought === undefined) return
    const index = rows.findIndex(({ message }) => message.id === sought)
    if (index >= 0) {
      virtual.scrollToIndex(index, { align: 'center' })
      setFound(sought)
    }
    settled()
  }, [sought, rows, virtual, settled])
  useEffect(() => {
    if (found === undefined) return
    const timer = setTimeout(() => setFound(undefined), foundShownMs)
    return () => clearTimeout(timer)
  }, [found])
  // Whoever reads further up is told of what has come since.
  if (isAtEnd && seen !== last?.id) setSeen(last?.id)
  const hasNew = !isAtEnd && last !== undefined && !last.own && seen !== last.id
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="log"
        aria-label={words.log(name)}
        aria-live="off"
        aria-busy={isBusy || undefined}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
        tabIndex={0}
        className="h-full overflow-y-auto overscroll-contain px-3 [overflow-anchor:none] focus-visible:-outline-offset-2 sm:px-4"
        onScroll={(event) => {
          const { scrollHeight, scrollTop, clientHeight } = event.currentTarget
          wasAtEnd.current = scrollHeight - scrollTop - clientHeight < nearEndPx
          setAtEnd(wasAtEnd.current)
          // The virtual list has to hear of the scrolling first: it keeps the place it knows of.
          if (scrollTop < nearStartPx && hasEarlier) setTimeout(() => void load())
        }}
      >
        <div className="relative mx-auto max-w-3xl" style={{ height: virtual.getTotalSize() }}>
          <div className="absolute inset-x-0 top-0 flex h-16 items-center justify-center text-center text-[0.8125rem] text-faint">
            {isBusy ? (
              <span className="flex items-center gap-2">
                <Spinner /> {words.loadingEarlier}
              </span>
            ) : hasEarlier ? (
              <Button size="small" tone="quiet" onClick={() => void load()}>
                {words.earlier}
              </Button>
            ) : (
              conversation.messageCount === messages.length && words.begin
            )}
          </div>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index]
            if (!row) return null
            const { replyTo } = row.message
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <MessageItem
                  row={row}
                  others={conversation.others}
                  quoted={replyTo === undefined ? undefined : byId.get(replyTo)}
                  isFound={found === row.message.id}
                  nameOf={nameOf}
                  actions={actions}
                />
              </div>
            )
          })}
        </div>
      </div>
      {!isAtEnd && (
        <Button
          size="small"
          tone={hasNew ? 'primary' : 'plain'}
          aria-label={hasNew ? words.newBelow : words.toEnd}
          className={cx('appear absolute! right-4 bottom-2 shadow-float', !hasNew && 'w-9 px-0!')}
          onClick={() => virtual.scrollToEnd({ behavior: 'smooth' })}
        >
          <ArrowDown size={16} aria-hidden />
          {hasNew && words.newBelow}
        </Button>
      )}
    </div>
  )
}

/** A first guess of a height; the true one is measured once the row is built. */
function estimate(message: MessageView | undefined): number {
  if (message?.file) return fileRowPx
  const length = message?.content.length ?? 0
  return 48 + Math.floor(length / 60) * 21
}
