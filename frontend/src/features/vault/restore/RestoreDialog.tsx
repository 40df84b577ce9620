import { useState, type ReactNode } from 'react'
import { FileKey2, ScrollText } from 'lucide-react'
import { useSession, type Found } from '../../../session/index.ts'
import { Store, useReadable } from '../../../state/index.ts'
import { Banner, Button, Modal, Spinner } from '../../../ui/index.ts'
import { text, vaultText } from '../../../text/index.ts'
import { ChoiceCard } from '../ChoiceCard.tsx'
import { idle, runTask, type TaskState } from '../task.ts'
import { useControls } from '../use-controls.ts'
import { FindForm } from './FindForm.tsx'

type Step =
  | { readonly kind: 'choose' }
  | { readonly kind: 'find'; readonly way: 'words' | 'file' }
  | { readonly kind: 'confirm'; readonly found: Found; readonly outcome: Outcome }

/** `fresh`: what is here was made by opening this page, and nobody has used it. */
type Outcome = 'same' | 'replaces' | 'fresh'

const words = vaultText.restore

/** Brings the identity of another device here, and says first what that replaces. */
export function RestoreDialog({ close }: { readonly close: () => void }) {
  const session = useSession()
  const { backup } = useControls()
  const [step, setStep] = useState<Step>({ kind: 'choose' })
  const meet = async (found: Found): Promise<void> => {
    const same = (await backup.compare(found)) === 'same'
    const { hadCall, backedUpAtMs } = session.care.value.get()
    const isUsed = hadCall || backedUpAtMs !== undefined || session.rooms.list.get().length > 0
    setStep({ kind: 'confirm', found, outcome: same ? 'same' : isUsed ? 'replaces' : 'fresh' })
  }
  const back = (
    <Button tone="quiet" onClick={() => setStep({ kind: 'choose' })}>
      {vaultText.settings.back}
    </Button>
  )
  return (
    <Modal title={words.title} close={close} wide>
      {step.kind === 'choose' && (
        <>
          <p className="text-soft">{words.lead}</p>
          <div className="mt-4 grid gap-2.5">
            <ChoiceCard
              icon={<ScrollText size={20} aria-hidden />}
              title={words.words}
              note={words.wordsNote}
              choose={() => setStep({ kind: 'find', way: 'words' })}
            />
            <ChoiceCard
              icon={<FileKey2 size={20} aria-hidden />}
              title={words.file}
              note={words.fileNote}
              choose={() => setStep({ kind: 'find', way: 'file' })}
            />
          </div>
          <div className="mt-5 flex justify-end">
            <Button onClick={close}>{text.common.cancel}</Button>
          </div>
        </>
      )}
      {step.kind === 'find' && <FindForm way={step.way} found={(found) => void meet(found)} aside={back} />}
      {step.kind === 'confirm' && <Confirm found={step.found} outcome={step.outcome} aside={back} close={close} />}
    </Modal>
  )
}

function Confirm({
  found,
  outcome,
  aside,
  close,
}: {
  readonly found: Found
  readonly outcome: Outcome
  readonly aside: ReactNode
  readonly close: () => void
}) {
  const session = useSession()
  const { backup } = useControls()
  const [task] = useState(() => new Store<TaskState>(idle))
  const { busy, fault } = useReadable(task)
  const isNothing = outcome === 'same' && found.slots.size === 0
  const restore = async (): Promise<void> => {
    const done = await runTask(task, async () => {
      await backup.restore(found)
      return true
    })
    if (done) session.reload()
  }
  return (
    <div>
      {outcome === 'replaces' ? (
        <Banner tone="warn" title={words.replaces}>
          {words.replacesBody}
        </Banner>
      ) : (
        <p className="text-soft">{outcome === 'fresh' ? words.fresh : isNothing ? words.sameWords : words.same}</p>
      )}
      {fault && (
        <div role="alert" className="mt-4">
          <Banner tone="fault" title={fault.title}>
            {fault.body}
          </Banner>
        </div>
      )}
      <div className="mt-5 flex flex-wrap justify-end gap-2.5">
        {aside}
        {isNothing ? (
          <Button tone="primary" onClick={close}>
            {words.done}
          </Button>
        ) : (
          <Button tone={outcome === 'replaces' ? 'danger' : 'primary'} disabled={busy} onClick={() => void restore()}>
            {busy && <Spinner />}
            {outcome === 'replaces' ? words.replaceYes : words.yes}
          </Button>
        )}
      </div>
    </div>
  )
}
