import { useEffect, useId, useRef } from 'react'
import { BellOff, Phone, PhoneOff, Video } from 'lucide-react'
import { Avatar, Button, IconButton, Spinner } from '../../ui/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import type { CallViewModel, IncomingScreen } from './call-view-model.ts'

/**
 * Somebody rings. The focus goes to the words and not to a button: whoever is typing must not answer by accident. Esc silences, since a
 * call is too easily declined by a key that means "away with whatever is open".
 */
export function IncomingDialog({ screen, model }: { readonly screen: IncomingScreen; readonly model: CallViewModel }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useRef<HTMLHeadingElement>(null)
  const heading = useId()
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal()
    title.current?.focus()
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault()
        model.silence()
      }}
      onKeyDown={(event) => event.stopPropagation()}
      className="appear mx-auto mt-4 w-[min(26rem,calc(100vw-1.5rem))] rounded-card bg-surface p-5 text-ink shadow-float inset-ring inset-ring-line backdrop:bg-black/30 wide:mt-8"
    >
      <div className="flex items-center gap-4">
        <Avatar name={screen.name} seed={screen.view.id} className="size-14 text-[1.125rem]" />
        <div className="min-w-0 flex-1">
          <h2
            id={heading}
            ref={title}
            tabIndex={-1}
            aria-label={screen.title}
            className="line-clamp-2 text-[1.125rem] leading-tight font-semibold wrap-anywhere outline-none"
          >
            <bdi>{screen.name}</bdi>
          </h2>
          <p className="flex items-center gap-2 text-soft" data-testid="call-state">
            {screen.phase === 'connecting' && <Spinner />}
            {screen.words}
          </p>
          {screen.claims && <p className="truncate text-[0.8125rem] text-faint">{screen.claims}</p>}
        </div>
        {screen.phase === 'ringing' && !screen.silenced && (
          <IconButton hint label={words.call.mute} onClick={() => model.silence()}>
            <BellOff size={20} aria-hidden />
          </IconButton>
        )}
      </div>
      {screen.phase === 'ringing' && (
        <div className="mt-5 grid gap-2.5 min-[27rem]:grid-cols-2">
          <Button tone="primary" className="px-2!" onClick={() => void model.accept(false)}>
            <Phone size={18} aria-hidden /> {words.call.accept}
          </Button>
          <Button tone="primary" className="px-2!" onClick={() => void model.accept(true)}>
            <Video size={18} aria-hidden /> {words.call.acceptVideo}
          </Button>
          <Button tone="danger" className="min-[27rem]:col-span-2" onClick={() => model.decline()}>
            <PhoneOff size={18} aria-hidden /> {words.call.decline}
          </Button>
        </div>
      )}
      {screen.phase === 'over' && (
        <div className="mt-5 flex justify-end">
          <Button onClick={() => model.decline()}>{words.call.close}</Button>
        </div>
      )}
      {screen.phase === 'ringing' && (
        <p className="mt-3.5 text-[0.8125rem] text-faint">
          {words.call.nothingYet}
          {screen.others > 0 && <span className="block">{words.call.alsoCalling(screen.others)}</span>}
        </p>
      )}
    </dialog>
  )
}
