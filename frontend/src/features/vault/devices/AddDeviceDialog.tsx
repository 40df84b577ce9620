import { useState } from 'react'
import { useReadable } from '../../../state/index.ts'
import { Banner, Button, Modal, Spinner } from '../../../ui/index.ts'
import { text, vaultText } from '../../../text/index.ts'
import { useControls } from '../use-controls.ts'
import { CodeField } from './CodeField.tsx'
import { AddDeviceViewModel } from './exchange-view-models.ts'
import { ShownCode } from './ShownCode.tsx'

const words = vaultText.device

/** On the device with the key: lets another device act for this identity. */
export function AddDeviceDialog({ close }: { readonly close: () => void }) {
  const { devices } = useControls()
  const [model] = useState(
    () =>
      new AddDeviceViewModel({
        read: (code) => devices.read(code),
        add: (candidate, nowMs) => devices.add(candidate, nowMs),
        now: () => Date.now(),
      }),
  )
  const { step, busy, fault } = useReadable(model.state)
  const [code, setCode] = useState('')
  const title =
    step.kind === 'code'
      ? words.addTitle
      : step.kind === 'compare'
        ? words.checkTitle(step.candidate.name)
        : words.answerTitle
  return (
    <Modal title={title} close={close} wide>
      {step.kind === 'code' && (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void model.read(code)
          }}
        >
          <p className="mb-4 text-soft">{words.addLead}</p>
          <CodeField
            label={words.codeLabel}
            value={code}
            change={(next) => {
              setCode(next)
              model.edited()
            }}
            scanned={(seen) => {
              setCode(seen)
              void model.read(seen)
            }}
            fault={fault}
          />
          <div className="mt-5 flex justify-end gap-2.5">
            <Button onClick={close}>{text.common.cancel}</Button>
            <Button type="submit" tone="primary" disabled={busy || code.trim() === ''}>
              {busy && <Spinner />}
              {words.next}
            </Button>
          </div>
        </form>
      )}
      {step.kind === 'compare' && (
        <>
          <p className="text-soft">{words.checkBody}</p>
          <p className="mt-4 rounded-control bg-sunken py-5 text-center text-2xl font-semibold tracking-wide tabular-nums">
            {step.candidate.digits}
          </p>
          {fault && (
            <div role="alert" className="mt-4">
              <Banner tone="fault" title={fault.title}>
                {fault.body}
              </Banner>
            </div>
          )}
          <div className="mt-5 flex flex-wrap justify-end gap-2.5">
            <Button tone="quiet" onClick={() => model.back()}>
              {vaultText.settings.back}
            </Button>
            <Button tone="primary" disabled={busy} onClick={() => void model.confirm()}>
              {busy && <Spinner />}
              {words.checkYes}
            </Button>
          </div>
        </>
      )}
      {step.kind === 'answer' && (
        <>
          <p className="mb-4 text-soft">{words.answerBody}</p>
          <ShownCode code={step.answer} />
          <div className="mt-5 flex justify-end">
            <Button tone="primary" onClick={close}>
              {vaultText.restore.done}
            </Button>
          </div>
        </>
      )}
    </Modal>
  )
}
