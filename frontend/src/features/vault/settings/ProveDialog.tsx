import { useState } from 'react'
import { Fingerprint } from 'lucide-react'
import { Store, useReadable } from '../../../state/index.ts'
import type { Credential, ProtectionView } from '../../../session/index.ts'
import { Button, Modal, Spinner, TextField } from '../../../ui/index.ts'
import { text, vaultText } from '../../../text/index.ts'
import { idle, runTask, type TaskState } from '../task.ts'
import { TaskFault } from '../TaskFault.tsx'

export interface Proof {
  readonly title: string
  readonly body: string
  /** What the button does that goes on. */
  readonly action: string
  readonly isDanger: boolean
  run(credential: Credential): Promise<void>
}

/** Asks for the passphrase or a passkey before something that only the owner may do. */
export function ProveDialog({
  proof,
  view,
  close,
}: {
  readonly proof: Proof
  readonly view: ProtectionView
  readonly close: () => void
}) {
  const [task] = useState(() => new Store<TaskState>(idle))
  const { busy } = useReadable(task)
  const [passphrase, setPassphrase] = useState('')
  const run = async (credential: Credential): Promise<void> => {
    const done = await runTask(task, async () => {
      await proof.run(credential)
      return true
    })
    if (done) close()
  }
  return (
    <Modal title={proof.title} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void run(view.passphrase ? { kind: 'passphrase', passphrase } : { kind: 'passkey' })
        }}
      >
        <p className="text-soft">{proof.body}</p>
        {view.passphrase && (
          <TextField
            className="mt-4"
            label={vaultText.passphrase.current}
            type="password"
            autoComplete="current-password"
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
          />
        )}
        {view.passphrase && view.passkeys.length > 0 && (
          <Button
            size="small"
            tone="quiet"
            className="mt-2 -ml-3"
            disabled={busy}
            onClick={() => void run({ kind: 'passkey' })}
          >
            <Fingerprint size={16} aria-hidden /> {vaultText.settings.security.proveWithPasskey}
          </Button>
        )}
        <TaskFault task={task} />
        <div className="mt-5 flex flex-wrap justify-end gap-2.5">
          <Button onClick={close}>{text.common.cancel}</Button>
          <Button
            type="submit"
            tone={proof.isDanger ? 'danger' : 'primary'}
            disabled={busy || (view.passphrase && passphrase === '')}
          >
            {busy && <Spinner />}
            {busy ? vaultText.passphrase.working : proof.action}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
