import { useEffect, useRef, useState } from 'react'
import { ArrowLeft, Eraser, FileKey2, ScrollText } from 'lucide-react'
import { useReadable } from '../../../state/index.ts'
import { useSession } from '../../../session/index.ts'
import { Banner, Button, Spinner } from '../../../ui/index.ts'
import { vaultText } from '../../../text/index.ts'
import { ChoiceCard } from '../ChoiceCard.tsx'
import { PassphraseFields } from '../passphrase/index.ts'
import { FindForm } from '../restore/index.ts'
import { useControls } from '../use-controls.ts'
import { ForgottenViewModel } from './lock-view-model.ts'

const words = vaultText.forgotten

/** The ways back in without the passphrase, and what each costs. */
export function Forgotten({ back }: { readonly back: () => void }) {
  const session = useSession()
  const { protection, backup } = useControls()
  const [model] = useState(
    () =>
      new ForgottenViewModel({
        unlockWithSeed: (seed, passphrase) => protection.unlockWithSeed(seed, passphrase),
        startOver: (found) => backup.startOver(found),
        reload: () => session.reload(),
      }),
  )
  const { step, busy, fault, tried } = useReadable(model.state)
  const [passphrase, setPassphrase] = useState<string>()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const toChoice = (
    <Button tone="quiet" onClick={() => model.go({ kind: 'choose' })}>
      {vaultText.settings.back}
    </Button>
  )
  return (
    <>
      <h1 ref={heading} tabIndex={-1} className="text-2xl font-semibold tracking-tight outline-none">
        {words.title}
      </h1>
      {step.kind === 'choose' && (
        <>
          <p className="mt-2 mb-5 text-soft">{words.choose}</p>
          <div className="grid gap-2.5">
            <ChoiceCard
              icon={<ScrollText size={20} aria-hidden />}
              title={words.words}
              choose={() => model.go({ kind: 'find', way: 'words' })}
            />
            <ChoiceCard
              icon={<FileKey2 size={20} aria-hidden />}
              title={words.file}
              choose={() => model.go({ kind: 'find', way: 'file' })}
            />
            <ChoiceCard
              icon={<Eraser size={20} aria-hidden />}
              title={words.nothing}
              choose={() => model.go({ kind: 'nothing' })}
            />
          </div>
          <Button tone="quiet" size="small" className="mt-5 -ml-3" onClick={back}>
            <ArrowLeft size={16} aria-hidden /> {vaultText.settings.back}
          </Button>
        </>
      )}
      {step.kind === 'find' && (
        <div className="mt-5">
          <FindForm way={step.way} found={(found) => model.found(found)} aside={toChoice} />
        </div>
      )}
      {step.kind === 'renew' && (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void model.renew(passphrase)
          }}
        >
          <p className="mt-2 mb-5 text-soft">{words.newPassphrase}</p>
          <PassphraseFields change={setPassphrase} tried={tried} takesFocus />
          <div className="mt-5 flex flex-wrap justify-end gap-2.5">
            {toChoice}
            <Button type="submit" tone="primary" disabled={busy}>
              {busy && <Spinner />}
              {busy ? vaultText.lock.unlocking : vaultText.lock.unlock}
            </Button>
          </div>
        </form>
      )}
      {(step.kind === 'lost' || step.kind === 'nothing') && (
        <>
          <p className="mt-2 text-soft">{step.kind === 'lost' ? words.notThisVault : words.nothingAsk}</p>
          <div className="mt-5 flex flex-wrap justify-end gap-2.5">
            {toChoice}
            <Button tone="danger" disabled={busy} onClick={() => void model.startOver()}>
              {busy && <Spinner />}
              {step.kind === 'lost' ? words.replace : words.nothingYes}
            </Button>
          </div>
        </>
      )}
      {fault && (
        <div role="alert" className="mt-4">
          <Banner tone="fault" title={fault.title}>
            {fault.body}
          </Banner>
        </div>
      )}
    </>
  )
}
