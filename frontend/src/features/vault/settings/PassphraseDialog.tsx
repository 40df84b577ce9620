import { useState } from 'react'
import { Store, useReadable } from '../../../state/index.ts'
import type { Credential, ProtectionView } from '../../../session/index.ts'
import { Banner, Button, Modal, Spinner, TextField } from '../../../ui/index.ts'
import { text, vaultText } from '../../../text/index.ts'
import { PassphraseFields } from '../passphrase/index.ts'
import { idle, runTask, type TaskState } from '../task.ts'
import { TaskFault } from '../TaskFault.tsx'
import { useControls } from '../use-controls.ts'

const words = vaultText.passphrase

/** Sets the first passphrase, or another one in place of the present. */
export function PassphraseDialog({ view, close }: { readonly view: ProtectionView; readonly close: () => void }) {
  const { protection } = useControls()
  const [task] = useState(() => new Store<TaskState>(idle))
  const { busy } = useReadable(task)
  const [current, setCurrent] = useState('')
  const [passphrase, setPassphrase] = useState<string>()
  const [tried, setTried] = useState(false)
  const submit = async (): Promise<void> => {
    setTried(true)
    if (passphrase === undefined) return
    const done = await runTask(task, async () => {
      await protection.setPassphrase(passphrase, presentCredential(view, current))
      return true
    })
    if (done) close()
  }
  return (
    <Modal title={view.passphrase ? words.changeTitle : words.setTitle} close={close} wide>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        {!view.passphrase && <p className="mb-4 text-soft">{words.setBody}</p>}
        <div className="grid gap-4">
          {view.oldSeed && (
            <Banner tone="warn" title={text.dashboard.recent}>
              {words.oldRooms}
            </Banner>
          )}
          {view.passphrase && (
            <TextField
              label={words.current}
              type="password"
              autoComplete="current-password"
              value={current}
              onChange={(event) => setCurrent(event.currentTarget.value)}
            />
          )}
          <PassphraseFields change={setPassphrase} tried={tried} />
        </div>
        <TaskFault task={task} />
        <div className="mt-5 flex flex-wrap justify-end gap-2.5">
          <Button onClick={close}>{text.common.cancel}</Button>
          <Button type="submit" tone="primary" disabled={busy}>
            {busy && <Spinner />}
            {busy ? words.working : view.passphrase ? words.change : words.set}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

/** What shows that the vault is theirs, as far as something protects it. */
function presentCredential(view: ProtectionView, passphrase: string): Credential | undefined {
  if (view.passphrase) return { kind: 'passphrase', passphrase }
  return view.passkeys.length > 0 ? { kind: 'passkey' } : undefined
}
