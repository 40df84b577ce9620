import { useRef, useState, type SyntheticEvent } from 'react'
import { CircleCheck, EyeOff } from 'lucide-react'
import { useReadable } from '../../../state/index.ts'
import { useSession } from '../../../session/index.ts'
import { Banner, Button, Modal, Spinner, TextField } from '../../../ui/index.ts'
import { text, vaultText } from '../../../text/index.ts'
import { useControls } from '../use-controls.ts'
import { WordsViewModel, type WordsState } from './words-view-model.ts'

const words = vaultText.backup

/** Shows the words of this identity, to be written on paper. */
export function WordsDialog({ close }: { readonly close: () => void }) {
  const { care } = useSession()
  const { backup } = useControls()
  const [model] = useState(
    () => new WordsViewModel({ words: () => backup.words(), pick: randomBelow, done: () => care.backedUp() }),
  )
  const state = useReadable(model.state)
  const title = { covered: words.wordsTitle, shown: words.wordsTitle, check: words.checkTitle, done: words.doneTitle }
  return (
    <Modal title={title[state.step]} close={close} wide>
      {state.step === 'check' ? (
        <Check state={state} model={model} />
      ) : state.step === 'done' ? (
        <>
          <p className="flex items-start gap-3 text-soft">
            <CircleCheck size={20} aria-hidden className="mt-0.5 shrink-0 text-good" /> {words.doneBody}
          </p>
          <div className="mt-5 flex justify-end">
            <Button tone="primary" onClick={close}>
              {words.close}
            </Button>
          </div>
        </>
      ) : (
        <>
          <p className="text-soft">{words.wordsLead}</p>
          <Words state={state} show={() => void model.show()} />
          {state.fault && (
            <div role="alert" className="mt-4">
              <Banner tone="fault" title={words.failed}>
                {state.fault.body}
              </Banner>
            </div>
          )}
          <div className="mt-5 flex flex-wrap justify-end gap-2.5">
            <Button onClick={close}>{text.common.cancel}</Button>
            <Button tone="primary" disabled={state.step !== 'shown'} onClick={() => model.written()}>
              {words.written}
            </Button>
          </div>
        </>
      )}
    </Modal>
  )
}

function Words({ state, show }: { readonly state: WordsState; readonly show: () => void }) {
  if (state.step === 'covered') {
    return (
      <div className="mt-4 flex flex-col items-center gap-4 rounded-control bg-sunken px-6 py-10 text-center">
        <p className="flex items-center gap-2.5 text-[0.875rem] text-soft">
          <EyeOff size={18} aria-hidden /> {words.hidden}
        </p>
        <Button disabled={state.busy} onClick={show}>
          {state.busy && <Spinner />}
          {words.show}
        </Button>
      </div>
    )
  }
  return (
    <ol className="mt-4 grid grid-flow-col grid-cols-2 grid-rows-12 gap-x-6 rounded-control bg-sunken px-4 py-3 sm:grid-cols-3 sm:grid-rows-8 sm:px-5 sm:py-4">
      {state.words.map((word, index) => (
        <li key={index} className="flex items-baseline gap-3 py-0.5">
          <span className="w-5 shrink-0 text-right text-[0.8125rem] text-faint tabular-nums">{index + 1}</span>
          <span className="font-medium">{word}</span>
        </li>
      ))}
    </ol>
  )
}

function Check({ state, model }: { readonly state: WordsState; readonly model: WordsViewModel }) {
  const form = useRef<HTMLFormElement>(null)
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    const fields = [...(form.current?.querySelectorAll('input') ?? [])]
    model.check(fields.map((field) => field.value))
    // The first that is wrong takes the focus, so that it is heard as well as seen.
    requestAnimationFrame(() => form.current?.querySelector<HTMLInputElement>('[aria-invalid="true"]')?.focus())
  }
  return (
    <form ref={form} onSubmit={submit}>
      <div className="grid gap-4 sm:grid-cols-3">
        {state.asked.map((position) => (
          <TextField
            key={position}
            label={words.checkWord(position)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            {...(state.wrong.includes(position) ? { fault: words.wrong } : {})}
          />
        ))}
      </div>
      <div className="mt-5 flex flex-wrap justify-end gap-2.5">
        <Button onClick={() => void model.show()}>{words.backToWords}</Button>
        <Button type="submit" tone="primary">
          {words.check}
        </Button>
      </div>
    </form>
  )
}

function randomBelow(limit: number): number {
  const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1))
  return drawn % limit
}
