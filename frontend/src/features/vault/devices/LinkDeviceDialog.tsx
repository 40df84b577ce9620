import { useEffect, useState } from 'react'
import { useReadable } from '../../../state/index.ts'
import { useSession } from '../../../session/index.ts'
import { Banner, Button, Modal, Spinner } from '../../../ui/index.ts'
import { text, vaultText } from '../../../text/index.ts'
import { useControls } from '../use-controls.ts'
import { CodeField } from './CodeField.tsx'
import { LinkDeviceViewModel } from './exchange-view-models.ts'
import { ShownCode } from './ShownCode.tsx'

const words = vaultText.device

/** On the new device: makes it one of an identity that lives elsewhere. */
export function LinkDeviceDialog({ close }: { readonly close: () => void }) {
  const session = useSession()
  const { devices } = useControls()
  const [model] = useState(
    () =>
      new LinkDeviceViewModel({
        code: () => devices.code(),
        link: (answer) => devices.link(answer),
        reload: () => session.reload(),
      }),
  )
  useEffect(() => void model.start(), [model])
  const { shown, busy, fault } = useReadable(model.state)
  const [answer, setAnswer] = useState('')
  return (
    <Modal title={words.linkTitle} close={close} wide>
      <p className="mb-4 text-soft">{words.linkLead}</p>
      {shown ? (
        <>
          <ShownCode code={shown.code} />
          <p className="mt-4 text-center text-[0.875rem] text-soft">
            {words.linkDigits}{' '}
            <strong className="font-semibold whitespace-nowrap text-ink tabular-nums">{shown.digits}</strong>
          </p>
          <form
            className="mt-5 border-t border-line pt-5"
            onSubmit={(event) => {
              event.preventDefault()
              void model.link(answer)
            }}
          >
            <CodeField
              label={words.answerLabel}
              value={answer}
              change={(next) => {
                setAnswer(next)
                model.edited()
              }}
              scanned={setAnswer}
              fault={fault}
            />
            <p className="mt-3 text-[0.8125rem] text-faint">{words.replaces}</p>
            <div className="mt-5 flex flex-wrap justify-end gap-2.5">
              <Button onClick={close}>{text.common.cancel}</Button>
              <Button type="submit" tone="primary" disabled={busy || answer.trim() === ''}>
                {busy && <Spinner />}
                {busy ? words.linking : words.linkYes}
              </Button>
            </div>
          </form>
        </>
      ) : fault ? (
        <Banner tone="fault" title={fault.title}>
          {fault.body}
        </Banner>
      ) : (
        <p className="flex items-center justify-center gap-2.5 py-10 text-soft">
          <Spinner /> {words.making}
        </p>
      )}
    </Modal>
  )
}
