import { useState } from 'react'
import { CircleCheck } from 'lucide-react'
import { useReadable } from '../../../state/index.ts'
import { useSession } from '../../../session/index.ts'
import { Banner, Button, Modal, Spinner } from '../../../ui/index.ts'
import { text, vaultText } from '../../../text/index.ts'
import { PassphraseFields } from '../passphrase/index.ts'
import { useControls } from '../use-controls.ts'
import { FileViewModel } from './file-view-model.ts'

const words = vaultText.backup

/** Saves everything that would be missed in a file that only a passphrase opens. */
export function FileDialog({ close }: { readonly close: () => void }) {
  const { care } = useSession()
  const { backup } = useControls()
  const [model] = useState(
    () =>
      new FileViewModel({
        seal: (chosen) => backup.file(chosen),
        save: download,
        done: () => care.backedUp(),
        now: () => Date.now(),
      }),
  )
  const { busy, fault, saved, tried } = useReadable(model.state)
  const [passphrase, setPassphrase] = useState<string>()
  if (saved !== undefined) {
    return (
      <Modal title={words.fileDoneTitle} close={close} wide>
        <p className="flex items-start gap-3 text-soft">
          <CircleCheck size={20} aria-hidden className="mt-0.5 shrink-0 text-good" /> {words.fileDoneBody(saved)}
        </p>
        <div className="mt-5 flex justify-end">
          <Button tone="primary" onClick={close}>
            {words.close}
          </Button>
        </div>
      </Modal>
    )
  }
  return (
    <Modal title={words.fileTitle} close={close} wide>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void model.save(passphrase)
        }}
      >
        <p className="mb-4 text-soft">{words.fileLead}</p>
        <PassphraseFields change={setPassphrase} tried={tried} />
        {fault && (
          <div role="alert" className="mt-4">
            <Banner tone="fault" title={fault.title}>
              {fault.body}
            </Banner>
          </div>
        )}
        <div className="mt-5 flex flex-wrap justify-end gap-2.5">
          <Button onClick={close}>{text.common.cancel}</Button>
          <Button type="submit" tone="primary" disabled={busy}>
            {busy && <Spinner />}
            {busy ? words.sealing : words.save}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

function download(file: Uint8Array<ArrayBuffer>, name: string): void {
  const url = URL.createObjectURL(new Blob([file], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken it by the next turn; revoking in this one would be too early for some.
  setTimeout(() => URL.revokeObjectURL(url), 0)
}
