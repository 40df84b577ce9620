import { useEffect, useRef, useState } from 'react'
import { Copy } from 'lucide-react'
import { Button, Modal } from '../../ui/index.ts'
import { filesText } from '../../text/files/index.ts'
import type { FilesViewModel } from './files-view-model.ts'

const words = filesText.copies

/** How somebody keeps encrypted copies of these files: a command with a code, which is made when it is asked for. */
export function CopiesDialog({ model }: { readonly model: FilesViewModel }) {
  const [code, setCode] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const command = code === undefined ? undefined : words.command(code)
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    // The button that had the keyboard is gone.
    if (command !== undefined) field.current?.focus()
  }, [command])
  const make = (): void => {
    setBusy(true)
    void model.replicaCode().then((made) => {
      setBusy(false)
      setCode(made)
    })
  }
  return (
    <Modal wide title={words.title} close={() => model.closeDialog()}>
      <p className="text-[0.9375rem] text-soft">{words.body}</p>
      <p className="mt-2 text-[0.9375rem] text-soft">{words.sees}</p>
      {command !== undefined && (
        <textarea
          ref={field}
          readOnly
          rows={3}
          aria-label={words.field}
          value={command}
          onFocus={(event) => event.currentTarget.select()}
          className="mt-4 w-full resize-none rounded-control bg-sunken px-3 py-2.5 font-mono text-[0.8125rem] break-all inset-ring inset-ring-edge"
        />
      )}
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button tone="quiet" onClick={() => model.closeDialog()}>
          {words.close}
        </Button>
        {command === undefined ? (
          <Button tone="primary" disabled={isBusy} onClick={make}>
            {words.make}
          </Button>
        ) : (
          <Button tone="primary" onClick={() => void model.copy(command, words.copied)}>
            <Copy size={16} aria-hidden /> {words.copy}
          </Button>
        )}
      </div>
    </Modal>
  )
}
