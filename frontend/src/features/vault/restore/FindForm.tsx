import { useId, useRef, useState, type ReactNode } from 'react'
import { useReadable } from '../../../state/index.ts'
import type { Found } from '../../../session/index.ts'
import { Banner, Button, Spinner, TextField } from '../../../ui/index.ts'
import { vaultText } from '../../../text/index.ts'
import { useControls } from '../use-controls.ts'
import { FindViewModel } from './find-view-model.ts'

export interface FindFormProps {
  readonly way: 'words' | 'file'
  readonly found: (found: Found) => void
  /** Beside the button that goes on. */
  readonly aside: ReactNode
}

/** Asks for words, or for a file and its passphrase. */
export function FindForm({ way, found, aside }: FindFormProps) {
  const { backup } = useControls()
  const [model] = useState(
    () =>
      new FindViewModel({
        readWords: (typed) => backup.readWords(typed),
        openFile: (file, passphrase) => backup.openFile(file, passphrase),
        found: (what) => found(what),
      }),
  )
  const { busy, fault } = useReadable(model.state)
  const words = useRef<HTMLTextAreaElement>(null)
  const file = useRef<HTMLInputElement>(null)
  const passphrase = useRef<HTMLInputElement>(null)
  const id = useId()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (way === 'words') void model.words(words.current?.value ?? '')
        else void model.file(file.current?.files?.[0], passphrase.current?.value ?? '')
      }}
    >
      {way === 'words' ? (
        <div>
          <label htmlFor={id} className="mb-1.5 block text-[0.875rem] font-medium">
            {vaultText.words.label}
          </label>
          <textarea
            id={id}
            ref={words}
            rows={5}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            aria-invalid={fault ? true : undefined}
            aria-describedby={`${id}-said`}
            onChange={() => model.edited()}
            className="w-full resize-y rounded-control bg-surface px-3.5 py-2.5 text-ink inset-ring inset-ring-edge focus-visible:-outline-offset-1 aria-invalid:inset-ring-danger"
          />
          <p
            id={`${id}-said`}
            role={fault ? 'alert' : undefined}
            className={fault ? 'text-[0.875rem] text-danger-ink' : 'text-[0.8125rem] text-faint'}
          >
            {fault?.body ?? vaultText.words.note}
          </p>
        </div>
      ) : (
        <div className="grid gap-4">
          <div>
            <label htmlFor={id} className="mb-1.5 block text-[0.875rem] font-medium">
              {vaultText.restore.chooseFile}
            </label>
            <input
              id={id}
              ref={file}
              type="file"
              onChange={() => model.edited()}
              className="w-full rounded-control bg-surface p-2 text-[0.875rem] text-soft inset-ring inset-ring-edge file:mr-3 file:h-8 file:cursor-pointer file:rounded-md file:bg-hover file:px-3 file:font-medium file:text-ink"
            />
          </div>
          <TextField
            label={vaultText.restore.filePassphrase}
            type="password"
            autoComplete="off"
            ref={passphrase}
            onChange={() => model.edited()}
          />
          {fault && (
            <div role="alert">
              <Banner tone="fault" title={fault.title}>
                {fault.body}
              </Banner>
            </div>
          )}
        </div>
      )}
      <div className="mt-5 flex flex-wrap justify-end gap-2.5">
        {aside}
        <Button type="submit" tone="primary" disabled={busy}>
          {busy && <Spinner />}
          {busy ? vaultText.restore.opening : vaultText.restore.next}
        </Button>
      </div>
    </form>
  )
}
