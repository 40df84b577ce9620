import { useEffect, useState } from 'react'
import { Fingerprint, Lock, LockOpen, ShieldCheck } from 'lucide-react'
import { Store, useReadable } from '../../../state/index.ts'
import { useSession, type PasskeyView, type ProtectionView } from '../../../session/index.ts'
import { Button, SelectField, Spinner } from '../../../ui/index.ts'
import { timeAgo, vaultText } from '../../../text/index.ts'
import { idle, runTask, type TaskState } from '../task.ts'
import { TaskFault } from '../TaskFault.tsx'
import { useControls } from '../use-controls.ts'
import { PassphraseDialog } from './PassphraseDialog.tsx'
import { ProveDialog, type Proof } from './ProveDialog.tsx'
import { Section, Standing } from './Section.tsx'

const words = vaultText.settings.security
const minuteChoices = [5, 15, 30, 60]

/** What opens this device's vault, and when it locks. */
export function SecuritySection() {
  const session = useSession()
  const { protection } = useControls()
  const view = useReadable(protection.view)
  const state = useReadable(session.keeper.state)
  const [isChoosing, setChoosing] = useState(false)
  const [proof, setProof] = useState<Proof>()
  useEffect(() => {
    // Storage that went away in between shows as a failure of whatever is done next.
    protection.refresh().catch(() => undefined)
  }, [protection])
  const isProtected = state.kind === 'open' && state.protection === 'protected'
  return (
    <Section title={words.title}>
      {isProtected ? (
        <Standing icon={<ShieldCheck size={20} aria-hidden className="text-good" />} title={words.protected}>
          {words.protectedBody[view.passphrase ? (view.passkeys.length > 0 ? 'both' : 'passphrase') : 'passkey']}
        </Standing>
      ) : (
        <Standing icon={<LockOpen size={20} aria-hidden className="text-warn-ink" />} title={words.unprotected}>
          {words.unprotectedBody}
        </Standing>
      )}
      <div className="mt-4 flex flex-wrap gap-2.5">
        <Button size="small" tone={isProtected ? 'plain' : 'primary'} onClick={() => setChoosing(true)}>
          {view.passphrase ? vaultText.passphrase.change : vaultText.passphrase.set}
        </Button>
        {view.passphrase && (
          <Button
            size="small"
            onClick={() => setProof(removal(view, (current) => protection.removePassphrase(current)))}
          >
            {vaultText.passphrase.remove}
          </Button>
        )}
        {isProtected && (
          <Button size="small" onClick={() => session.lock()}>
            <Lock size={16} aria-hidden /> {words.lockNow}
          </Button>
        )}
      </div>
      <Passkeys view={view} prove={setProof} isProtected={isProtected} />
      {isProtected && <LockAfter />}
      {isChoosing && <PassphraseDialog view={view} close={() => setChoosing(false)} />}
      {proof && <ProveDialog proof={proof} view={view} close={() => setProof(undefined)} />}
    </Section>
  )
}

function removal(view: ProtectionView, run: Proof['run']): Proof {
  const { removeTitle, removeBody, removeBodyPasskey, remove } = vaultText.passphrase
  const body = view.passkeys.length > 0 ? removeBodyPasskey : removeBody
  return { title: removeTitle, body, action: remove, isDanger: true, run }
}

function Passkeys({
  view,
  prove,
  isProtected,
}: {
  readonly view: ProtectionView
  readonly prove: (proof: Proof) => void
  readonly isProtected: boolean
}) {
  const { care, notices } = useSession()
  const { protection } = useControls()
  const isBackedUp = useReadable(care.value).backedUpAtMs !== undefined
  const [offered, setOffered] = useState(false)
  const [task] = useState(() => new Store<TaskState>(idle))
  const { busy } = useReadable(task)
  useEffect(() => {
    void protection.offersPasskeys().then(setOffered)
  }, [protection])
  if (!offered && view.passkeys.length === 0) return null
  const hasSecondPath = view.passphrase || isBackedUp
  const add = async (): Promise<void> => {
    if (isProtected) {
      prove({
        title: words.addPasskey,
        body: words.prove,
        action: words.addPasskey,
        isDanger: false,
        run: (credential) => protection.addPasskey(credential),
      })
      return
    }
    const done = await runTask(task, async () => {
      await protection.addPasskey(undefined)
      return true
    })
    if (done) notices.toast(words.passkeyAdded)
  }
  const remove = ({ id }: PasskeyView): void =>
    prove({
      title: words.removePasskeyTitle,
      body: words.removePasskeyBody,
      action: words.removePasskey,
      isDanger: true,
      run: (credential) => protection.removePasskey(id, credential),
    })
  return (
    <div className="mt-5 border-t border-line pt-4">
      <h3 className="text-[0.9375rem] font-medium">{words.passkeys}</h3>
      {view.passkeys.length > 0 && (
        <ul className="mt-1 divide-y divide-line">
          {view.passkeys.map((passkey) => (
            <li key={passkey.id} className="flex items-center gap-3 py-2">
              <Fingerprint size={18} aria-hidden className="shrink-0 text-faint" />
              <span className="min-w-0 flex-1 truncate">{nameOf(passkey)}</span>
              <Button
                size="small"
                tone="quiet"
                aria-label={words.removePasskeyLabel(nameOf(passkey))}
                onClick={() => remove(passkey)}
              >
                {words.removePasskey}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {!hasSecondPath && <p className="mt-1 text-[0.875rem] text-soft">{words.passkeyFirst}</p>}
      <Button size="small" className="mt-3" disabled={busy || !hasSecondPath || !offered} onClick={() => void add()}>
        {busy ? <Spinner size={16} /> : <Fingerprint size={16} aria-hidden />}
        {busy ? words.adding : words.addPasskey}
      </Button>
      <TaskFault task={task} />
    </div>
  )
}

function nameOf({ addedAtMs }: PasskeyView): string {
  return words.passkey(addedAtMs === undefined ? undefined : timeAgo(addedAtMs, Date.now()))
}

function LockAfter() {
  const { care } = useSession()
  const { lockAfterMinutes } = useReadable(care.value)
  return (
    <div className="mt-5 border-t border-line pt-4">
      <p className="text-[0.9375rem] font-medium">{words.lockAfter}</p>
      <p className="mt-0.5 mb-2.5 text-[0.8125rem] text-soft">{words.lockAfterNote}</p>
      <SelectField
        className="max-w-72"
        label={words.lockAfter}
        icon={<Lock size={16} aria-hidden />}
        value={lockAfterMinutes ?? 0}
        onChange={(event) => care.change({ lockAfterMinutes: Number(event.currentTarget.value) || undefined })}
      >
        {minuteChoices.map((minutes) => (
          <option key={minutes} value={minutes}>
            {words.minutes(minutes)}
          </option>
        ))}
        <option value={0}>{words.never}</option>
      </SelectField>
    </div>
  )
}
