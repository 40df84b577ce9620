import { Banner, Button, Modal, Spinner } from '../../ui/index.ts'
import { bytesText, fileFault, filesText } from '../../text/files/index.ts'
import type { Purging, PurgeQuestion } from './purging.ts'

const words = filesText.purge

/** What goes for good, and what cannot be promised, before it is done. */
export function PurgeDialog({
  purging,
  question,
  close,
}: {
  readonly purging: Purging
  readonly question: PurgeQuestion
  readonly close: () => void
}) {
  const { wishes, title, phase } = question
  const { versions, bytes } = purging.left(wishes)
  const size = bytesText(bytes)
  const isBusy = phase.kind === 'busy'
  return (
    <Modal title={title} close={close}>
      {phase.kind === 'failed' ? (
        <Banner tone="fault" title={fileFault(phase.code).title}>
          <p>{purging.rest(wishes, phase.code)}</p>
        </Banner>
      ) : versions === 0 && !isBusy ? (
        <p className="text-[0.9375rem] text-soft">{words.none}</p>
      ) : (
        <>
          <p className="text-[0.9375rem]">{words.goes(versions, size)}</p>
          <p className="mt-2 text-[0.9375rem] text-soft">{words.copies}</p>
        </>
      )}
      <p role="status" className="mt-3 flex items-center gap-2 text-[0.875rem] text-soft empty:hidden">
        {isBusy && (
          <>
            <Spinner /> {words.busy}
          </>
        )}
      </p>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={close}>{versions === 0 || isBusy ? words.close : words.cancel}</Button>
        {versions > 0 && (
          <Button tone={isBusy ? 'plain' : 'danger'} disabled={isBusy} onClick={() => void purging.answer(question)}>
            {phase.kind === 'failed' ? words.again : words.yes}
          </Button>
        )}
      </div>
    </Modal>
  )
}
