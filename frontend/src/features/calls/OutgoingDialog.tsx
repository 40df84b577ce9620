import { Phone, PhoneOff, Video } from 'lucide-react'
import { Avatar, Button, cx, Modal, Spinner } from '../../ui/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import type { CallViewModel, OutgoingScreen } from './call-view-model.ts'

/** The call that is made, from the first search to what became of it. */
export function OutgoingDialog({ screen, model }: { readonly screen: OutgoingScreen; readonly model: CallViewModel }) {
  const Kind = screen.video ? Video : Phone
  return (
    <Modal title={words.call.outgoing(screen.name)} close={() => model.hangUp()}>
      <div className="flex flex-col items-center gap-3 pt-4 pb-2 text-center">
        <span className="relative">
          <Avatar name={screen.name} seed={screen.id} className="size-24 text-[2rem]" />
          <span className="absolute -right-1 -bottom-1 flex size-9 items-center justify-center rounded-full bg-surface text-soft inset-ring inset-ring-line">
            <Kind size={18} aria-hidden />
          </span>
        </span>
        <p className="text-[0.875rem] text-faint">{screen.video ? words.call.video : words.call.audio}</p>
        <p
          className={cx(
            'flex min-h-12 items-center gap-2.5 text-[0.9375rem]',
            screen.look === 'fault' ? 'text-danger-ink' : 'text-soft',
          )}
          data-testid="call-state"
        >
          {screen.look === 'busy' && <Spinner />}
          {screen.words}
        </p>
      </div>
      <div className="mt-2 flex flex-wrap justify-center gap-2.5">
        {screen.over ? (
          <>
            <Button onClick={() => model.hangUp()}>{words.call.close}</Button>
            <Button tone="primary" onClick={() => void model.again()}>
              <Kind size={18} aria-hidden /> {words.call.again}
            </Button>
          </>
        ) : (
          <Button tone="danger" onClick={() => model.hangUp()}>
            <PhoneOff size={18} aria-hidden /> {words.call.cancel}
          </Button>
        )}
      </div>
    </Modal>
  )
}
