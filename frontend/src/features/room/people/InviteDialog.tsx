import { useState } from 'react'
import { CalendarClock, Users } from 'lucide-react'
import type { InviteTerms } from '@p2pigeon/core'
import { Button, Modal, SelectField, Spinner } from '../../../ui/index.ts'
import { text } from '../../../text/index.ts'
import { roomText } from '../../../text/room/index.ts'

const hourMs = 3_600_000

/** Chooses the terms of an invite; what it makes is copied by whoever opened it. */
export function InviteDialog({
  closesDoor,
  isLocked,
  make,
  close,
}: {
  /** Everybody with the link may come in so far; an invite makes the others ask. */
  readonly closesDoor: boolean
  readonly isLocked: boolean
  /** True once the invite is made. */
  readonly make: (terms: InviteTerms) => Promise<boolean>
  readonly close: () => void
}) {
  const words = roomText.invite
  const [maxUses, setMaxUses] = useState<number>(words.usesChoices[0] ?? 1)
  const [hours, setHours] = useState<number>(words.expiresChoices[1].hours)
  const [busy, setBusy] = useState(false)
  const create = async (): Promise<void> => {
    setBusy(true)
    const made = await make({ maxUses, expiresAtMs: Date.now() + hours * hourMs })
    if (made) close()
    else setBusy(false)
  }
  return (
    <Modal title={words.title} close={close}>
      <p className="text-soft">
        {words.body} {closesDoor ? words.closesDoor : isLocked && words.isLocked}
      </p>
      <div className="mt-4 grid gap-3">
        <SelectField
          label={words.uses}
          icon={<Users size={17} aria-hidden />}
          value={maxUses}
          onChange={(event) => setMaxUses(Number(event.currentTarget.value))}
        >
          {words.usesChoices.map((count) => (
            <option key={count} value={count}>
              {words.usesWords(count)}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={words.expires}
          icon={<CalendarClock size={17} aria-hidden />}
          value={hours}
          onChange={(event) => setHours(Number(event.currentTarget.value))}
        >
          {words.expiresChoices.map((choice) => (
            <option key={choice.hours} value={choice.hours}>
              {choice.label}
            </option>
          ))}
        </SelectField>
      </div>
      <form method="dialog" className="mt-5 flex justify-end gap-2.5">
        <Button type="submit">{text.common.cancel}</Button>
        <Button tone="primary" disabled={busy} onClick={() => void create()}>
          {busy && <Spinner />}
          {words.create}
        </Button>
      </form>
    </Modal>
  )
}
