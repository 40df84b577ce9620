import { lazy, Suspense, useState } from 'react'
import { Copy, Share2 } from 'lucide-react'
import { useLoaded } from '../../state/index.ts'
import { Banner, Button, Modal, Spinner } from '../../ui/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import { text } from '../../text/index.ts'
import type { ContactsViewModel } from './contacts-view-model.ts'

const QrCode = lazy(() => import('../../ui/qr/index.ts').then(({ QrCode: code }) => ({ default: code })))

/** One's own card: a code to be scanned and a link to be sent. */
export function CardDialog({ model }: { readonly model: ContactsViewModel }) {
  const [load] = useState(() => () => model.people.contacts.ownCard())
  const card = useLoaded(load)
  const [sharing] = useState(() => 'share' in navigator)
  return (
    <Modal title={words.card.title} close={() => model.close()}>
      <p className="text-[0.875rem] text-soft">{words.card.body}</p>
      {card.kind === 'loading' && (
        <p className="flex h-72 items-center justify-center gap-3 text-soft">
          <Spinner /> {words.card.making}
        </p>
      )}
      {card.kind === 'failed' && (
        <div role="alert" className="mt-4">
          <Banner tone="fault" title={words.card.fault} />
        </div>
      )}
      {card.kind === 'loaded' && (
        <>
          <Suspense fallback={<span className="mt-4 block h-72" />}>
            <QrCode
              content={card.value.link}
              label={words.card.qr}
              className="mx-auto mt-4 aspect-square w-full max-w-72 inset-ring inset-ring-line"
            />
          </Suspense>
          <p className="mt-3 text-center text-[0.875rem] font-medium">{words.card.nameNote(card.value.name)}</p>
          <p className="text-center text-[0.8125rem] text-faint">{words.card.enlarge}</p>
        </>
      )}
      <form method="dialog" className="mt-5 flex flex-wrap justify-end gap-2.5">
        <Button type="submit">{text.invite.done}</Button>
        {card.kind === 'loaded' && (
          <>
            {sharing && (
              <Button
                onClick={() => {
                  // Whoever closes the list of ways to share has changed their mind, and that is all.
                  navigator.share({ title: words.card.shareTitle, url: card.value.link }).catch(() => undefined)
                }}
              >
                <Share2 size={17} aria-hidden /> {words.card.share}
              </Button>
            )}
            <Button tone="primary" onClick={() => void model.copy(card.value.link, words.card.copied)}>
              <Copy size={17} aria-hidden /> {words.card.copy}
            </Button>
          </>
        )}
      </form>
    </Modal>
  )
}
