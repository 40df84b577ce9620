import { useState } from 'react'
import { Ban, Phone, PhoneMissed, UserPlus, X } from 'lucide-react'
import { useReadable } from '../../state/index.ts'
import { Avatar, Button, IconButton } from '../../ui/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import { timeAgo } from '../../text/index.ts'
import type { ContactsViewModel } from './contacts-view-model.ts'

/** Who asked without being a contact, and whom one has missed. */
export function RequestsTab({ model }: { readonly model: ContactsViewModel }) {
  const requests = useReadable(model.people.inbox.requests)
  const missed = useReadable(model.people.inbox.missed)
  if (requests.length === 0 && missed.length === 0) {
    return (
      <div className="flex flex-col items-center rounded-card bg-sunken px-8 py-12 text-center">
        <PhoneMissed size={40} strokeWidth={1.5} aria-hidden className="mb-4 text-edge" />
        <p className="font-medium">{words.requests.empty}</p>
        <p className="mt-1 max-w-80 text-[0.875rem] text-faint">{words.requests.emptyBody}</p>
      </div>
    )
  }
  return (
    <div className="space-y-8">
      {requests.length > 0 && <Requests model={model} />}
      {missed.length > 0 && <Missed model={model} />}
    </div>
  )
}

const list = 'divide-y divide-line rounded-card bg-surface inset-ring inset-ring-line'

function Requests({ model }: { readonly model: ContactsViewModel }) {
  const requests = useReadable(model.people.inbox.requests)
  const [nowMs] = useState(() => model.now())
  return (
    <section aria-labelledby="requests">
      <h2 id="requests" className="text-[1.0625rem] font-semibold">
        {words.requests.heading}
      </h2>
      <p className="mt-0.5 mb-3 text-[0.8125rem] text-faint">{words.requests.note}</p>
      <ul className={list}>
        {requests.map(({ record: { id }, name: claimed, lastAtMs }) => {
          const name = claimed || words.requests.unnamed
          return (
            <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-2.5 px-3 py-3 sm:px-4">
              <Avatar name={name} seed={id} className="size-11 text-[0.875rem]" />
              <div className="min-w-40 flex-1">
                <p className="truncate font-medium">
                  <bdi>{name}</bdi>
                </p>
                <p className="text-[0.8125rem] text-faint">{words.requests.asked(timeAgo(lastAtMs, nowMs))}</p>
              </div>
              <div className="flex items-center gap-1.5">
                <Button
                  size="small"
                  tone="primary"
                  aria-label={words.requests.acceptOf(name)}
                  onClick={() => void model.acceptRequest(id)}
                >
                  <UserPlus size={16} aria-hidden /> {words.requests.accept}
                </Button>
                <Button
                  size="small"
                  aria-label={words.requests.declineOf(name)}
                  onClick={() => void model.declineRequest(id, name)}
                >
                  {words.requests.decline}
                </Button>
                <IconButton
                  hint
                  size="small"
                  label={words.requests.blockOf(name)}
                  onClick={() => void model.blockRequest(id, name)}
                >
                  <Ban size={17} aria-hidden />
                </IconButton>
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Missed({ model }: { readonly model: ContactsViewModel }) {
  const missed = useReadable(model.people.inbox.missed)
  const book = useReadable(model.people.contacts.book)
  const [nowMs] = useState(() => model.now())
  return (
    <section aria-labelledby="missed">
      <div className="mb-3 flex min-h-9 items-center justify-between">
        <h2 id="missed" className="text-[1.0625rem] font-semibold">
          {words.requests.missed}
        </h2>
        <Button tone="quiet" size="small" onClick={() => void model.forgetMissed(undefined)}>
          {words.requests.clear}
        </Button>
      </div>
      <ul className={list}>
        {missed.map(({ id, video, atMs }) => {
          const name = book.contacts.find((contact) => contact.id === id)?.petname ?? words.requests.unnamed
          const when = timeAgo(atMs, nowMs)
          return (
            <li key={atMs} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2.5 sm:px-4">
              <Avatar name={name} seed={id} className="size-11 text-[0.875rem]" />
              <div className="min-w-40 flex-1">
                <p className="truncate font-medium">
                  <bdi>{name}</bdi>
                </p>
                <p className="text-[0.8125rem] text-faint">
                  {video ? words.requests.missedVideo(when) : words.requests.missedAudio(when)}
                </p>
              </div>
              <div className="flex items-center gap-1">
                <Button
                  size="small"
                  aria-label={words.requests.callBackOf(name)}
                  onClick={() => void model.call(id, video)}
                >
                  <Phone size={16} aria-hidden /> {words.requests.callBack}
                </Button>
                <IconButton
                  hint
                  size="small"
                  label={words.requests.forget(name)}
                  onClick={() => void model.forgetMissed(atMs)}
                >
                  <X size={18} aria-hidden />
                </IconButton>
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
