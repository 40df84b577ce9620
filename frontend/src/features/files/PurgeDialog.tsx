import { Banner, Button, Modal, Spinner } from '../../ui/index.ts'
import { bytesText } from '../../text/index.ts'
import { fileFault, filesText } from '../../text/files/index.ts'
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
  const isBusy = phase.kind === 'busy'
  return (
    <Modal title={title} close={close}>
      {phase.kind === 'asking' && versions === 0 && <p className="text-[0.9375rem] text-soft">{words.none}</p>}
      {phase.kind === 'asking' && versions > 0 && (
        <>
          <p className="text-[0.9375rem]">{words.goes(versions, bytesText(bytes))}</p>
          <p className="mt-2 text-[0.9375rem] text-soft">{words.copies}</p>
        </>
      )}
      <div role="status">
        {isBusy && (
          <p className="flex items-center gap-2 text-[0.9375rem] text-soft">
            <Spinner /> {words.busy}
          </p>
        )}
        {phase.kind === 'failed' && (
          <Banner tone="fault" title={fileFault(phase.code).title}>
            <p>{purging.rest(wishes, phase.code)}</p>
          </Banner>
        )}
      </div>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={close}>{versions === 0 || isBusy ? words.close : words.cancel}</Button>
        {(versions > 0 || isBusy) && (
          // Not disabled, which would take the keyboard from it: an answer to what is at work already does nothing.
          <Button
            tone={isBusy ? 'plain' : 'danger'}
            aria-disabled={isBusy}
            className={isBusy ? 'text-faint!' : undefined}
            onClick={() => void purging.answer(question)}
          >
            {phase.kind === 'failed' ? words.again : words.yes}
          </Button>
        )}
      </div>
    </Modal>
  )
}
