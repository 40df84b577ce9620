import { useState, type ReactNode } from 'react'
import { ArrowLeft } from 'lucide-react'
import type { IdentityId } from '@p2pigeon/core/people'
import { useLoaded, useReadable } from '../../state/index.ts'
import { useSession, type People } from '../../session/index.ts'
import { Banner, Button, IconButton, Spinner, Tabs } from '../../ui/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import { text } from '../../text/index.ts'
import { changedContacts, waitingWords } from './contact-words.ts'
import { ContactsViewModel } from './contacts-view-model.ts'
import { DialogHost } from './DialogHost.tsx'
import { PeopleTab } from './PeopleTab.tsx'
import { RequestsTab } from './RequestsTab.tsx'
import { SettingsTab } from './SettingsTab.tsx'

export interface ContactsViewProps {
  /** The code of a contact link that was just opened. */
  readonly card: string | undefined
  readonly goHome: () => void
  /** Opens the conversation with a contact. Rejects with a code. */
  readonly write: (id: IdentityId) => Promise<void>
  /** What stands at the right of the header. */
  readonly corner: ReactNode
}

/** The page of contacts, as soon as what is kept can be read. */
export function ContactsView({ card, goHome, write, corner }: ContactsViewProps) {
  const session = useSession()
  const [load] = useState(() => () => session.people.load())
  const loaded = useLoaded(load)
  const keeper = useReadable(session.keeper.state)
  return (
    <div className="mx-auto flex min-h-dvh max-w-3xl flex-col px-4 sm:px-6">
      <header className="flex h-16 items-center gap-2">
        <IconButton hint label={words.back} className="-ml-2.5" onClick={goHome}>
          <ArrowLeft size={20} aria-hidden />
        </IconButton>
        <h1 className="min-w-0 flex-1 truncate text-[1.375rem] font-semibold tracking-tight">{words.title}</h1>
        {corner}
      </header>
      <main id="main" className="flex-1 pt-2 pb-16">
        {loaded.kind === 'loading' && (
          <p className="flex items-center gap-3 py-8 text-soft">
            {keeper.kind === 'locked' ? words.locked : <Spinner />}
            {keeper.kind !== 'locked' && words.loading}
          </p>
        )}
        {loaded.kind === 'failed' && (
          <div role="alert">
            <Banner
              tone="fault"
              title={words.loadFault}
              action={
                <Button size="small" onClick={() => session.reload()}>
                  {text.crash.reload}
                </Button>
              }
            />
          </div>
        )}
        {loaded.kind === 'loaded' && <Opened people={loaded.value} card={card} write={write} />}
      </main>
    </div>
  )
}

type TabId = 'people' | 'requests' | 'settings'

function Opened({
  people,
  card,
  write,
}: {
  readonly people: People
  readonly card: string | undefined
  readonly write: ContactsViewProps['write']
}) {
  const session = useSession()
  const [model] = useState(
    () =>
      new ContactsViewModel(
        {
          people,
          toast: (said, undo) =>
            session.notices.toast(said, undo ? { action: { label: text.common.undo, run: undo } } : {}),
          complain: (said) => session.notices.toast(said, { tone: 'fault' }),
          copy: (copied) => navigator.clipboard.writeText(copied),
          now: () => Date.now(),
          write,
        },
        card,
      ),
  )
  const [tab, setTab] = useState<TabId>('people')
  const book = useReadable(people.contacts.book)
  const waiting = useReadable(people.inbox.waiting)
  const changed = changedContacts(book)
  const [first] = changed
  const choose = (id: TabId): void => {
    setTab(id)
    if (id === 'requests') void people.inbox.looked()
  }
  return (
    <>
      {first && (
        <div role="alert" className="mb-4">
          <Banner
            tone="fault"
            title={words.change.header(changed.length, first.petname)}
            action={
              <Button size="small" tone="danger" onClick={() => model.open({ kind: 'change', id: first.id })}>
                {words.change.look}
              </Button>
            }
          >
            {words.change.headerBody}
          </Banner>
        </div>
      )}
      <Tabs
        label={words.tabs.label}
        tabs={[
          { id: 'people', label: words.tabs.people },
          { id: 'requests', label: words.tabs.requests, count: waiting, countWords: waitingWords(waiting) },
          { id: 'settings', label: words.tabs.settings },
        ]}
        chosen={tab}
        choose={choose}
      >
        {tab === 'people' && <PeopleTab model={model} />}
        {tab === 'requests' && <RequestsTab model={model} />}
        {tab === 'settings' && <SettingsTab model={model} />}
      </Tabs>
      <DialogHost model={model} />
    </>
  )
}
