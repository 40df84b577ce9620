import { useState } from 'react'
import { LockOpen, UserRound } from 'lucide-react'
import type { LegacyId } from '@p2pigeon/core/chat'
import { faultCode, type Chats } from '../../../session/index.ts'
import { useReadable } from '../../../state/index.ts'
import { Banner, Button, Modal, SelectField, TextField } from '../../../ui/index.ts'
import { legacyText as words } from '../../../text/conversations/index.ts'
import { faultText, text } from '../../../text/index.ts'
import { LegacyRisks } from './LegacyRisks.tsx'

/** Starts a conversation with an old client, after its user has read what that means and said yes to it. */
export function LegacyDialog({
  chats: { legacy, correspondents },
  open,
  close,
}: {
  readonly chats: Chats
  readonly open: (id: LegacyId) => void
  readonly close: () => void
}) {
  const contacts = useReadable(correspondents)
  const [contact, setContact] = useState('')
  const [address, setAddress] = useState('')
  const [agreed, setAgreed] = useState(false)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()
  const wanted = contact === '' ? address.trim() : contact
  const relays = legacy.ownRelays.map((url) => url.replace(/^wss?:\/\//u, '')).join(', ')
  const start = async (): Promise<void> => {
    if (busy || !agreed || wanted === '') return
    setBusy(true)
    try {
      const id = await legacy.start(wanted)
      close()
      open(id)
    } catch (error) {
      const { title, body } = faultText(faultCode(error))
      setFault(`${title}. ${body}`)
      setBusy(false)
    }
  }
  return (
    <Modal wide title={words.dialog.title} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void start()
        }}
      >
        <p className="text-[0.875rem] text-soft">{words.dialog.body}</p>
        {contacts.length > 0 && (
          <SelectField
            className="mt-4"
            label={words.dialog.who}
            icon={<UserRound size={17} aria-hidden />}
            value={contact}
            onChange={(event) => {
              setContact(event.currentTarget.value)
              setFault(undefined)
            }}
          >
            <option value="">{words.dialog.byKey}</option>
            {contacts.map(({ key, name }) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </SelectField>
        )}
        {contact === '' ? (
          <TextField
            className="mt-3"
            label={words.dialog.address}
            note={words.dialog.addressNote}
            fault={fault}
            autoComplete="off"
            spellCheck={false}
            maxLength={100}
            value={address}
            onChange={(event) => {
              setAddress(event.currentTarget.value)
              setFault(undefined)
            }}
          />
        ) : (
          fault !== undefined && (
            <p role="alert" className="mt-2 text-[0.8125rem] text-danger-ink">
              {fault}
            </p>
          )
        )}
        <div className="mt-4">
          <Banner tone="warn" title={words.dialog.risks}>
            <LegacyRisks />
          </Banner>
        </div>
        <h3 className="mt-4 text-[0.875rem] font-medium">{words.dialog.relays}</h3>
        <p className="mt-0.5 text-[0.8125rem] wrap-anywhere text-soft">
          {relays === '' ? words.dialog.noRelays : words.dialog.relaysBody(relays)} {words.dialog.refusal}
        </p>
        <label className="mt-4 flex cursor-pointer items-center gap-3 text-[0.875rem] font-medium">
          <input
            type="checkbox"
            checked={agreed}
            onChange={(event) => setAgreed(event.currentTarget.checked)}
            className="size-4.5 shrink-0 accent-accent"
          />
          {words.dialog.agree}
        </label>
        <div className="mt-5 flex flex-wrap justify-end gap-2.5">
          <Button onClick={close}>{text.common.cancel}</Button>
          <Button type="submit" tone="danger" disabled={!agreed || wanted === '' || busy}>
            <LockOpen size={17} aria-hidden />
            {words.dialog.start}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
