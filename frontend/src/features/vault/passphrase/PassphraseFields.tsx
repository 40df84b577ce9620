import { useEffect, useRef, useState } from 'react'
import { cx, TextField } from '../../../ui/index.ts'
import { vaultText } from '../../../text/index.ts'
import { passphraseFault } from './new-passphrase.ts'
import { strengthOf, type Strength } from './strength.ts'

const words = vaultText.passphrase
const lit: Readonly<Record<Strength, number>> = { short: 0, weak: 1, fair: 2, strong: 3 }
const colours: Readonly<Record<Strength, string>> = {
  short: 'bg-line',
  weak: 'bg-danger',
  fair: 'bg-warn-ink',
  strong: 'bg-good',
}

export interface PassphraseFieldsProps {
  /** Told with every key; `undefined` while the two are no passphrase yet. */
  readonly change: (passphrase: string | undefined) => void
  /** Shows what is wrong; before the first try nobody is corrected. */
  readonly tried: boolean
  /** Takes the focus where it stands on a page; a dialog gives it by itself. */
  readonly takesFocus?: boolean
}

/** A passphrase to choose, twice, with a hint of how long it would hold. */
export function PassphraseFields({ change, tried, takesFocus = false }: PassphraseFieldsProps) {
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (takesFocus) first.current?.focus()
  }, [takesFocus])
  const fault = passphraseFault(passphrase, again)
  const edit = (next: string, nextAgain: string): void => {
    setPassphrase(next)
    setAgain(nextAgain)
    change(passphraseFault(next, nextAgain) ? undefined : next)
  }
  return (
    <div className="grid gap-4">
      <div>
        <TextField
          label={words.new}
          type="password"
          autoComplete="new-password"
          value={passphrase}
          ref={first}
          onChange={(event) => edit(event.currentTarget.value, again)}
          {...(tried && fault?.field === 'new' ? { fault: fault.words } : { note: words.note })}
        />
        <Meter strength={strengthOf(passphrase)} isEmpty={passphrase === ''} />
      </div>
      <TextField
        label={words.again}
        type="password"
        autoComplete="new-password"
        value={again}
        onChange={(event) => edit(passphrase, event.currentTarget.value)}
        {...(tried && fault?.field === 'again' ? { fault: fault.words } : {})}
      />
    </div>
  )
}

function Meter({ strength, isEmpty }: { readonly strength: Strength; readonly isEmpty: boolean }) {
  return (
    <div className="mt-2 flex items-center gap-3 text-[0.8125rem] text-soft">
      <span aria-hidden className="flex h-1.5 w-28 shrink-0 gap-1">
        {[1, 2, 3].map((step) => (
          <span
            key={step}
            className={cx('flex-1 rounded-full', !isEmpty && step <= lit[strength] ? colours[strength] : 'bg-line')}
          />
        ))}
      </span>
      <span role="status">{isEmpty ? '' : words.strength[strength]}</span>
    </div>
  )
}
