import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { ArrowLeft, MailQuestion, MessagesSquare, Paperclip, Search, Settings2, SquarePen, X } from 'lucide-react'
import type { ConversationId, ConversationView, FoundMessage, LegacyId } from '@p2pigeon/core/chat'
import type { Chats } from '../../session/index.ts'
import { useReadable } from '../../state/index.ts'
import { Button, IconButton, Spinner, Tabs } from '../../ui/index.ts'
import { chatsText as words } from '../../text/conversations/index.ts'
import { ConversationItem } from './ConversationItem.tsx'
import { conversationName, matchesName, rowTime } from './conversation-words.ts'
import { LegacyList } from './legacy/index.ts'
import { MessageSearch } from './message-search.ts'
import { oneLine } from '../../ui/messages/index.ts'
import { useNow } from './use-now.ts'

export interface ConversationListProps {
  readonly chats: Chats
  readonly chosen: ConversationId | LegacyId | undefined
  readonly open: (id: ConversationId | LegacyId, message?: string) => void
  readonly openDialog: (dialog: 'new' | 'settings') => void
  readonly goHome: () => void
  readonly goToContacts: () => void
  readonly corner: ReactNode
  readonly now: () => number
}

type TabId = 'open' | 'requests'

function tabOf(state: ConversationView['state'] | undefined): TabId {
  return state === 'request' ? 'requests' : 'open'
}

/** Every conversation, what is new in it, and the search through all of them. */
export function ConversationList(props: ConversationListProps) {
  const { chats, chosen, open, openDialog, goHome, corner } = props
  const [query, setQuery] = useState('')
  const [search] = useState(() => new MessageSearch((wanted) => chats.search(wanted)))
  useEffect(() => () => search.stop(), [search])
  const nowMs = useNow(props.now)
  const all = useReadable(chats.conversations)
  const chosenState = all.find(({ id }) => id === chosen)?.state
  const [followed, setFollowed] = useState(chosenState)
  const [tab, setTab] = useState<TabId>(tabOf(chosenState))
  if (followed !== chosenState) {
    // A request that was accepted has gone to the others: the list goes with it.
    setFollowed(chosenState)
    if (chosenState) setTab(tabOf(chosenState))
  }
  const requests = all.filter(({ state }) => state === 'request')
  const change = (next: string): void => {
    setQuery(next)
    search.change(next)
  }
  const shown = (some: readonly ConversationView[], empty: ReactNode): ReactNode =>
    some.length === 0 ? (
      empty
    ) : (
      <Rows label={words.list}>
        {some.map((conversation) => (
          <ConversationItem
            key={conversation.id}
            conversation={conversation}
            name={conversationName(conversation, (key) => chats.nameOf(key))}
            isChosen={conversation.id === chosen}
            nowMs={nowMs}
            open={open}
          />
        ))}
      </Rows>
    )
  const legacy = <LegacyList chats={chats.legacy} chosen={chosen} query={query} nowMs={nowMs} open={open} />
  return (
    <>
      <header className="flex h-16 shrink-0 items-center gap-1 px-2">
        <IconButton hint label={words.back} onClick={goHome}>
          <ArrowLeft size={20} aria-hidden />
        </IconButton>
        <h1 className="min-w-0 flex-1 truncate text-[1.125rem] font-semibold tracking-tight">{words.title}</h1>
        <IconButton hint label={words.settings} onClick={() => openDialog('settings')}>
          <Settings2 size={20} aria-hidden />
        </IconButton>
        {corner}
      </header>
      <div className="flex shrink-0 items-center gap-2 px-3 pb-2">
        <SearchField query={query} change={change} searchNow={() => search.now(query)} />
        <IconButton hint tone="on" label={words.start} onClick={() => openDialog('new')}>
          <SquarePen size={19} aria-hidden />
        </IconButton>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 pb-4">
        {query.trim() === '' ? (
          <Tabs
            label={words.tabs.label}
            tabs={[
              { id: 'open', label: words.tabs.open },
              {
                id: 'requests',
                label: words.tabs.requests,
                count: requests.length,
                countWords: words.tabs.waiting(requests.length),
              },
            ]}
            chosen={tab}
            choose={setTab}
          >
            <div className="-mt-3">
              {tab === 'open'
                ? shown(
                    all.filter(({ state }) => state === 'open'),
                    <NoConversations {...props} />,
                  )
                : shown(
                    requests,
                    <Nothing icon={<MailQuestion size={36} strokeWidth={1.5} />} {...words.noRequests} />,
                  )}
            </div>
            {tab === 'open' && legacy}
          </Tabs>
        ) : (
          <>
            {shown(
              all.filter((one) => matchesName(one, query, (key) => chats.nameOf(key))),
              <p className="px-2 py-3 text-[0.875rem] text-faint">{words.found.noName}</p>,
            )}
            {legacy}
            <Found search={search} chats={chats} nowMs={nowMs} open={open} />
          </>
        )}
      </div>
    </>
  )
}

function SearchField({
  query,
  change,
  searchNow,
}: {
  readonly query: string
  readonly change: (query: string) => void
  readonly searchNow: () => void
}) {
  const field = useRef<HTMLInputElement>(null)
  return (
    <div role="search" className="relative min-w-0 flex-1">
      <Search
        size={17}
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-3 -translate-y-1/2 text-faint"
      />
      <input
        ref={field}
        type="search"
        aria-label={words.search}
        placeholder={words.searchPlaceholder}
        autoComplete="off"
        value={query}
        onChange={(event) => change(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) searchNow()
          if (event.key === 'Escape' && query !== '') {
            event.stopPropagation()
            change('')
          }
        }}
        className="h-11 w-full rounded-control bg-canvas pr-10 pl-9.5 text-ink inset-ring inset-ring-line placeholder:text-faint hover:inset-ring-edge focus-visible:-outline-offset-1 [&::-webkit-search-cancel-button]:hidden"
      />
      {query !== '' && (
        <IconButton
          size="small"
          label={words.clearSearch}
          className="absolute! top-1 right-1"
          onClick={() => {
            change('')
            field.current?.focus()
          }}
        >
          <X size={16} aria-hidden />
        </IconButton>
      )}
    </div>
  )
}

/** Arrow keys move between the rows. */
function Rows({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys are heard on their way up from the buttons in it
    <ul aria-label={label} onKeyDown={moveFocus} className="space-y-0.5 pt-1">
      {children}
    </ul>
  )
}

function moveFocus(event: KeyboardEvent<HTMLUListElement>): void {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')]
  const at = rows.findIndex((row) => row === document.activeElement)
  const steps: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }
  const step = steps[event.key]
  if (at < 0 || step === undefined) return
  event.preventDefault()
  rows[Math.min(rows.length - 1, Math.max(0, step))]?.focus()
}

function NoConversations({ chats, openDialog, goToContacts }: ConversationListProps) {
  const hasContacts = useReadable(chats.correspondents).length > 0
  return (
    <Nothing icon={<MessagesSquare size={36} strokeWidth={1.5} />} {...words.empty}>
      {hasContacts && (
        <Button tone="primary" onClick={() => openDialog('new')}>
          {words.empty.start}
        </Button>
      )}
      <Button tone={hasContacts ? 'quiet' : 'primary'} onClick={goToContacts}>
        {words.empty.contacts}
      </Button>
    </Nothing>
  )
}

function Nothing({
  icon,
  title,
  body,
  children,
}: {
  readonly icon: ReactNode
  readonly title: string
  readonly body: string
  readonly children?: ReactNode
}) {
  return (
    <div className="mx-auto flex max-w-80 flex-col items-center px-4 py-10 text-center">
      <span aria-hidden className="mb-3 text-edge">
        {icon}
      </span>
      <p className="font-medium">{title}</p>
      <p className="mt-1 text-[0.875rem] text-faint">{body}</p>
      {children && <div className="mt-5 flex flex-col items-stretch gap-2">{children}</div>}
    </div>
  )
}

function Found({
  search,
  chats,
  nowMs,
  open,
}: {
  readonly search: MessageSearch
  readonly chats: Chats
  readonly nowMs: number
  readonly open: ConversationListProps['open']
}) {
  const state = useReadable(search.state)
  const conversations = useReadable(chats.conversations)
  if (state.kind === 'idle') return null
  const nameOf = (found: FoundMessage): string => {
    const conversation = conversations.find(({ id }) => id === found.conversation)
    return conversation ? conversationName(conversation, (key) => chats.nameOf(key)) : ''
  }
  return (
    <section aria-labelledby="found" className="mt-4">
      <h2 id="found" className="px-2 text-[0.8125rem] font-medium text-faint">
        {words.found.heading}
      </h2>
      <p role="status" className="sr-only">
        {state.kind === 'found' ? words.found.count(state.messages.length) : ''}
      </p>
      {state.kind === 'busy' && (
        <p className="flex items-center gap-2.5 px-2 py-3 text-[0.875rem] text-faint">
          <Spinner /> {words.found.busy}
        </p>
      )}
      {state.kind === 'failed' && (
        <p role="alert" className="px-2 py-3 text-[0.875rem] text-danger-ink">
          {words.found.failed}
        </p>
      )}
      {state.kind === 'found' && state.messages.length === 0 && (
        <p className="px-2 py-3 text-[0.875rem] text-faint">{words.found.none}</p>
      )}
      {state.kind === 'found' && state.messages.length > 0 && (
        <Rows label={words.found.heading}>
          {state.messages.map((found) => {
            const { conversation, message } = found
            return (
              <li key={`${conversation}/${message.id}`}>
                <button
                  type="button"
                  data-row
                  onClick={() => open(conversation, message.id)}
                  className="block w-full rounded-control px-2.5 py-2 text-left transition-colors duration-100 hover:bg-hover focus-visible:-outline-offset-2"
                >
                  <span className="flex items-baseline gap-2">
                    <bdi className="min-w-0 flex-1 truncate text-[0.875rem] font-medium">{nameOf(found)}</bdi>
                    <span className="shrink-0 text-[0.75rem] text-faint">{rowTime(message.sentAtMs, nowMs)}</span>
                  </span>
                  <span dir="auto" className="mt-0.5 line-clamp-2 text-[0.8125rem] text-soft wrap-anywhere">
                    {message.own && <span className="text-faint">{words.row.you} </span>}
                    {message.file && (
                      <Paperclip size={12} aria-hidden className="mr-1 inline align-baseline text-faint" />
                    )}
                    <Marked text={oneLine(around(message.content, state.query))} query={state.query} />
                  </span>
                </button>
              </li>
            )
          })}
        </Rows>
      )}
    </section>
  )
}

/** A long message is shown from shortly before the word that was looked for. */
function around(content: string, query: string): string {
  const at = content.toLocaleLowerCase().indexOf(query.toLocaleLowerCase())
  return at > 60 ? `…${content.slice(at - 30)}` : content
}

function Marked({ text, query }: { readonly text: string; readonly query: string }) {
  const at = text.toLocaleLowerCase().indexOf(query.toLocaleLowerCase())
  if (at < 0) return text
  return (
    <>
      {text.slice(0, at)}
      <mark className="rounded-sm bg-accent-soft text-ink">{text.slice(at, at + query.length)}</mark>
      {text.slice(at + query.length)}
    </>
  )
}
