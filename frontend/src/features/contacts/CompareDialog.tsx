import { lazy, Suspense, useState } from 'react'
import { Check, ScanLine, X } from 'lucide-react'
import type { Contact } from '@p2pigeon/core/people'
import { useLoaded } from '../../state/index.ts'
import { Banner, Button, Modal, Spinner } from '../../ui/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import { groupsOf } from './contact-words.ts'
import type { ContactsViewModel } from './contacts-view-model.ts'
import { Scanner } from './scan/index.ts'

const QrCode = lazy(() => import('../../ui/qr/index.ts').then(({ QrCode: code }) => ({ default: code })))

type Step = 'number' | 'scanning' | { readonly differs: string }

/** Two people look at one number: if it is the same for both, nobody stands between them. */
export function CompareDialog({ model, contact }: { readonly model: ContactsViewModel; readonly contact: Contact }) {
  const { id, petname: name } = contact
  const [load] = useState(() => () => model.people.contacts.safetyNumber(id))
  const loaded = useLoaded(load)
  const [step, setStep] = useState<Step>('number')
  const matched = (number: string): void => {
    model.close()
    void model.matched(id, number)
  }
  const scanned = (said: string, number: string): void => {
    if (said === number) matched(number)
    else setStep({ differs: /^\d{60}$/.test(said) ? words.compare.scannedOther : words.compare.scannedNothing })
  }
  return (
    <Modal title={words.compare.title(name)} close={() => model.close()} wide>
      {loaded.kind === 'loading' && (
        <p className="flex items-center gap-3 py-6 text-soft">
          <Spinner /> {words.compare.working}
        </p>
      )}
      {loaded.kind === 'failed' && <Banner tone="fault" title={words.compare.fault} />}
      {loaded.kind === 'loaded' && typeof step === 'object' && (
        <Differs model={model} contact={contact} title={step.differs} again={() => setStep('number')} />
      )}
      {loaded.kind === 'loaded' && step === 'scanning' && (
        <Scanner found={(said) => scanned(said, loaded.value)} stop={() => setStep('number')} />
      )}
      {loaded.kind === 'loaded' && step === 'number' && (
        <>
          <p className="text-[0.875rem] text-soft">{words.compare.how(name)}</p>
          {contact.change && <p className="mt-1.5 text-[0.875rem] text-danger-ink">{words.compare.withNew}</p>}
          <div className="mt-4 flex flex-col items-center gap-5 sm:flex-row sm:justify-between">
            <ol
              aria-label={words.compare.number}
              className="grid grid-cols-3 gap-x-5 gap-y-1.5 font-mono text-[1.1875rem] tracking-wide tabular-nums"
            >
              {groupsOf(loaded.value).map((group, index) => (
                <li key={index}>{group}</li>
              ))}
            </ol>
            <Suspense fallback={<span className="size-40" />}>
              <QrCode content={loaded.value} label={words.compare.code(name)} className="size-40 shrink-0" />
            </Suspense>
          </div>
          <div className="mt-6 flex flex-wrap gap-2.5">
            <Button tone="primary" onClick={() => matched(loaded.value)}>
              <Check size={18} aria-hidden /> {words.compare.match}
            </Button>
            <Button onClick={() => setStep({ differs: words.compare.differTitle })}>
              <X size={18} aria-hidden /> {words.compare.differ}
            </Button>
            <Button className="sm:ml-auto" onClick={() => setStep('scanning')}>
              <ScanLine size={18} aria-hidden /> {words.compare.scan}
            </Button>
          </div>
        </>
      )}
    </Modal>
  )
}

function Differs({
  model,
  contact: { id, petname: name },
  title,
  again,
}: {
  readonly model: ContactsViewModel
  readonly contact: Contact
  readonly title: string
  readonly again: () => void
}) {
  const finish = (act: () => Promise<void>): void => {
    model.close()
    void act()
  }
  return (
    <>
      <div role="alert">
        <Banner tone="fault" title={title}>
          {words.compare.differBody(name)}
        </Banner>
      </div>
      <div className="mt-5 flex flex-wrap gap-2.5">
        <Button tone="primary" onClick={again}>
          {words.compare.again}
        </Button>
        <Button onClick={() => finish(() => model.unverify(id))}>{words.compare.keep}</Button>
        <Button tone="quiet" className="text-danger-ink! sm:ml-auto" onClick={() => finish(() => model.remove(id))}>
          {words.compare.remove}
        </Button>
      </div>
    </>
  )
}
