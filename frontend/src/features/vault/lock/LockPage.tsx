import { useEffect, useRef, useState } from 'react'
import { Fingerprint, Lock } from 'lucide-react'
import { useReadable } from '../../../state/index.ts'
import { useSession, type UnlockWay } from '../../../session/index.ts'
import { Button, Spinner, TextField, Wordmark } from '../../../ui/index.ts'
import { text, vaultText } from '../../../text/index.ts'
import { useControls } from '../use-controls.ts'
import { Forgotten } from './Forgotten.tsx'
import { LockViewModel } from './lock-view-model.ts'

const words = vaultText.lock

export interface LockPageProps {
  readonly ways: readonly UnlockWay[]
  /** True when a room was asked for, which opens after unlocking. */
  readonly isInvited: boolean
}

/** Stands before everything while what this device keeps is locked. */
export function LockPage({ ways, isInvited }: LockPageProps) {
  const [hasForgotten, setForgotten] = useState(false)
  return (
    <div className="flex min-h-dvh flex-col px-5">
      <header className="flex h-16 shrink-0 items-center">
        <Wordmark name={text.product.name} />
      </header>
      <main id="main" className="flex flex-1 items-center justify-center pb-24">
        <div className="appear w-full max-w-96">
          {hasForgotten ? (
            <Forgotten back={() => setForgotten(false)} />
          ) : (
            <Unlock ways={ways} isInvited={isInvited} forget={() => setForgotten(true)} />
          )}
        </div>
      </main>
    </div>
  )
}

function Unlock({ ways, isInvited, forget }: LockPageProps & { readonly forget: () => void }) {
  const { protection } = useControls()
  const { keeper } = useSession()
  const [model] = useState(() => new LockViewModel((credential) => protection.unlock(credential)))
  const { busy, fault, trying } = useReadable(model.state)
  const [passphrase, setPassphrase] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const hasPassphrase = ways.includes('passphrase')
  useEffect(() => field.current?.focus(), [])
  // After a wrong one the next is typed over it.
  useEffect(() => {
    if (!fault) return
    field.current?.focus()
    field.current?.select()
  }, [fault])
  const isOpen = useReadable(keeper.state).kind !== 'locked'
  return (
    <>
      <div className="mb-6 flex flex-col items-center text-center">
        <span className="mb-4 flex size-14 items-center justify-center rounded-full bg-accent-soft text-accent">
          <Lock size={24} aria-hidden />
        </span>
        <h1 className="text-2xl font-semibold tracking-tight">{words.title}</h1>
        <p className="mt-1.5 text-soft">{ways.length === 0 ? words.broken : isInvited ? words.invited : words.body}</p>
      </div>
      {hasPassphrase && (
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            void model.unlock({ kind: 'passphrase', passphrase })
          }}
        >
          <TextField
            ref={field}
            label={words.passphrase}
            type="password"
            autoComplete="current-password"
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            {...(fault ? { fault: `${fault.title}. ${fault.body}` } : {})}
          />
          <Button type="submit" tone="primary" disabled={busy || isOpen || passphrase === ''}>
            {trying === 'passphrase' && <Spinner />}
            {trying === 'passphrase' ? words.unlocking : words.unlock}
          </Button>
        </form>
      )}
      {ways.includes('passkey') && (
        <Button
          className={hasPassphrase ? 'mt-3 w-full' : 'w-full'}
          tone={hasPassphrase ? 'plain' : 'primary'}
          disabled={busy || isOpen}
          onClick={() => void model.unlock({ kind: 'passkey' })}
        >
          {trying === 'passkey' ? <Spinner /> : <Fingerprint size={18} aria-hidden />}
          {words.withPasskey}
        </Button>
      )}
      {fault && !hasPassphrase && (
        <p role="alert" className="mt-3 text-center text-[0.875rem] text-danger-ink">
          {fault.title}. {fault.body}
        </p>
      )}
      <div className="mt-5 text-center">
        {ways.length === 0 ? (
          <Button tone="primary" onClick={forget}>
            {words.restore}
          </Button>
        ) : (
          <Button tone="quiet" size="small" onClick={forget}>
            {hasPassphrase ? words.forgotten : words.noPasskey}
          </Button>
        )}
      </div>
    </>
  )
}
