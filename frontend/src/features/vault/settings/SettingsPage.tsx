import { useEffect, useRef, useState } from 'react'
import { ArrowLeft } from 'lucide-react'
import { useReadable } from '../../../state/index.ts'
import { maxNameLength, useSession } from '../../../session/index.ts'
import { Banner, Button, TextField } from '../../../ui/index.ts'
import { vaultText } from '../../../text/index.ts'
import { AppearanceSection } from './AppearanceSection.tsx'
import { BackupSection } from './BackupSection.tsx'
import { DevicesSection } from './DevicesSection.tsx'
import { Section } from './Section.tsx'
import { SecuritySection } from './SecuritySection.tsx'

const words = vaultText.settings

/** Everything somebody can decide about their identity and this device. */
export function SettingsPage({ goBack }: { readonly goBack: () => void }) {
  const { keeper, preferences } = useSession()
  const state = useReadable(keeper.state)
  const record = useReadable(keeper.record)
  const { name } = useReadable(preferences.value)
  const [failed, setFailed] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  useEffect(() => {
    keeper.known.catch(() => setFailed(true))
  }, [keeper])
  const isLinked = record !== undefined && keeper.identity() === undefined
  return (
    <div className="mx-auto min-h-dvh max-w-2xl px-4 pb-16 sm:px-5">
      <header className="flex h-16 items-center">
        <Button tone="quiet" size="small" className="-ml-3" onClick={goBack}>
          <ArrowLeft size={18} aria-hidden /> {words.back}
        </Button>
      </header>
      <main id="main" className="grid grid-cols-[minmax(0,1fr)] gap-8">
        <h1 ref={heading} tabIndex={-1} className="text-2xl font-semibold tracking-tight outline-none">
          {words.title}
        </h1>
        {state.kind === 'unavailable' && (
          <Banner tone="warn" title={words.unavailableTitle}>
            {words.unavailable}
          </Banner>
        )}
        <Section title={words.profile.title}>
          <TextField
            label={words.profile.name}
            note={words.profile.note}
            value={name}
            maxLength={maxNameLength}
            autoComplete="nickname"
            onChange={(event) => preferences.change({ name: event.currentTarget.value })}
          />
        </Section>
        {state.kind === 'open' && (
          <>
            <SecuritySection />
            <BackupSection isLinked={isLinked} />
            <DevicesSection record={record} failed={failed} isLinked={isLinked} />
          </>
        )}
        <AppearanceSection />
      </main>
    </div>
  )
}
