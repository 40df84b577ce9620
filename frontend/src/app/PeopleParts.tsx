import { lazy, Suspense, type ComponentType } from 'react'
import { UsersRound } from 'lucide-react'
import { useReadable } from '../state/index.ts'
import { useSession, type People } from '../session/index.ts'
import { cx, IconButton } from '../ui/index.ts'
import { text } from '../text/index.ts'

export const ContactsView = lazy(() =>
  import('../features/contacts/index.ts').then(({ ContactsView: view }) => ({ default: view })),
)
/** Calls that cannot be shown are left alone: the page goes on. */
const CallOverlay = lazy(async (): Promise<{ default: ComponentType<CallsProps & { readonly people: People }> }> => {
  const calls = await import('../features/calls/index.ts').catch(() => undefined)
  return { default: calls ? calls.CallOverlay : () => null }
})

interface CallsProps {
  readonly goToRoom: (roomId: string) => void
}

/** Direct calls, above whatever page is open, once contacts are there. */
export function Calls({ goToRoom }: CallsProps) {
  const people = useReadable(useSession().people.now)
  if (!people) return null
  return (
    <Suspense fallback={null}>
      <CallOverlay people={people} goToRoom={goToRoom} />
    </Suspense>
  )
}

/** The way to the contacts, with what waits there. */
export function ContactsLink({ open }: { readonly open: () => void }) {
  const people = useReadable(useSession().people.now)
  return people ? <Counted people={people} open={open} /> : <Link count={0} changed={false} open={open} />
}

function Counted({ people, open }: { readonly people: People; readonly open: () => void }) {
  const count = useReadable(people.inbox.waiting)
  const book = useReadable(people.contacts.book)
  const changed = book.contacts.some((contact) => contact.change !== undefined && !contact.blocked)
  return <Link count={count} changed={changed} open={open} />
}

function Link({
  count,
  changed,
  open,
}: {
  readonly count: number
  readonly changed: boolean
  readonly open: () => void
}) {
  const words = text.contactsLink
  return (
    <IconButton
      hint
      label={changed ? words.changed : count > 0 ? words.waiting(count) : words.label}
      onClick={open}
      data-testid="contacts-link"
    >
      <UsersRound size={20} aria-hidden />
      {(changed || count > 0) && (
        <span
          aria-hidden
          className={cx(
            'absolute top-0.5 right-0.5 flex h-4.5 min-w-4.5 items-center justify-center rounded-full px-1 text-[0.6875rem] font-semibold tabular-nums',
            changed ? 'bg-danger text-white' : 'bg-accent text-on-accent',
          )}
        >
          {changed ? '!' : count}
        </span>
      )}
    </IconButton>
  )
}
