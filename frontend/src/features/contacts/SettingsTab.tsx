import { useState, type ReactNode } from 'react'
import { BellRing, Building2, FileDown, FileUp } from 'lucide-react'
import { useReadable } from '../../state/index.ts'
import { Button, Switch } from '../../ui/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import { validityWords } from './contact-words.ts'
import type { ContactsViewModel } from './contacts-view-model.ts'

export function SettingsTab({ model }: { readonly model: ContactsViewModel }) {
  const { reachable, ringTone } = useReadable(model.people.settings)
  return (
    <div className="space-y-6">
      <Card>
        <Switch
          label={words.settings.reachable}
          note={words.settings.reachableNote}
          on={reachable}
          toggle={(on) => void model.change({ reachable: on })}
        />
        <Switch
          label={words.settings.ringTone}
          note={words.settings.ringToneNote}
          on={ringTone}
          toggle={(on) => void model.change({ ringTone: on })}
        />
        <Notifications />
      </Card>
      <Section title={words.settings.filesTitle} note={words.settings.filesNote}>
        <div className="flex flex-wrap gap-2.5">
          <Button onClick={() => model.open({ kind: 'export' })}>
            <FileDown size={18} aria-hidden /> {words.settings.export}
          </Button>
          <Button onClick={() => model.open({ kind: 'import' })}>
            <FileUp size={18} aria-hidden /> {words.settings.import}
          </Button>
        </div>
      </Section>
      <Section title={words.settings.rosterTitle} note={words.settings.rosterNote}>
        <Rosters model={model} />
        <Button className="mt-3" onClick={() => model.open({ kind: 'roster' })}>
          <Building2 size={18} aria-hidden /> {words.settings.addRoster}
        </Button>
      </Section>
    </div>
  )
}

function Card({ children }: { readonly children: ReactNode }) {
  return <div className="rounded-card bg-surface px-5 py-3 inset-ring inset-ring-line">{children}</div>
}

function Section({
  title,
  note,
  children,
}: {
  readonly title: string
  readonly note: string
  readonly children: ReactNode
}) {
  return (
    <section>
      <h2 className="text-[1.0625rem] font-semibold">{title}</h2>
      <p className="mt-0.5 mb-3 text-[0.875rem] text-soft">{note}</p>
      {children}
    </section>
  )
}

type Permission = NotificationPermission | 'none'

/** The browser is asked by this button only, and its answer shown as it is. */
function Notifications() {
  const [permission, setPermission] = useState<Permission>(() =>
    typeof Notification === 'undefined' ? 'none' : Notification.permission,
  )
  const said = {
    default: words.settings.notifyNote,
    granted: words.settings.notifyOn,
    denied: words.settings.notifyOff,
    none: words.settings.notifyNone,
  }[permission]
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2">
      <div className="min-w-56 flex-1">
        <p className="text-[0.9375rem] leading-snug font-medium">{words.settings.notify}</p>
        <p role="status" className="mt-0.5 text-[0.8125rem] text-soft">
          {said}
        </p>
      </div>
      {permission === 'default' && (
        <Button
          size="small"
          onClick={() => {
            // A browser that fails to ask has not allowed it.
            void Notification.requestPermission().then(setPermission, () => undefined)
          }}
        >
          <BellRing size={16} aria-hidden /> {words.settings.notifyAsk}
        </Button>
      )}
    </div>
  )
}

function Rosters({ model }: { readonly model: ContactsViewModel }) {
  const { rosters } = useReadable(model.people.contacts.book)
  const [nowMs] = useState(() => model.now())
  if (rosters.length === 0) return <p className="text-[0.875rem] text-faint">{words.settings.rosterNone}</p>
  return (
    <ul className="divide-y divide-line rounded-card bg-surface inset-ring inset-ring-line">
      {rosters.map(({ roster }) => (
        <li key={roster.organisation} className="flex flex-wrap items-center gap-3 px-4 py-3">
          <div className="min-w-48 flex-1">
            <p className="truncate font-medium">
              <bdi>{roster.organisation}</bdi>
            </p>
            <p className="text-[0.8125rem] text-faint">
              {words.roster.members(roster.members.length)}. {validityWords(roster, nowMs)}
            </p>
          </div>
          <Button
            size="small"
            tone="quiet"
            aria-label={words.roster.remove(roster.organisation)}
            onClick={() => model.open({ kind: 'removeRoster', roster })}
          >
            {words.actions.remove}
          </Button>
        </li>
      ))}
    </ul>
  )
}
