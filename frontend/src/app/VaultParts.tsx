import { lazy, Suspense, useState, type ComponentType } from 'react'
import { useReadable } from '../state/index.ts'
import { isBackupDue, useSession } from '../session/index.ts'

export const loadVault = () => import('../features/vault/index.ts')

interface PartProps {
  readonly className?: string
}

/** Reminders that cannot be loaded are left for another day. */
function part(name: 'BackupPrompt' | 'WelcomeCard') {
  return lazy(async (): Promise<{ default: ComponentType<PartProps> }> => {
    const vault = await loadVault().catch(() => undefined)
    return { default: vault ? vault[name] : () => null }
  })
}

const BackupPrompt = part('BackupPrompt')
const WelcomeCard = part('WelcomeCard')

/** The reminder of a backup, where it is due; it decides itself when it goes, as a dialog may stand on it. */
export function CareNotice(props: PartProps) {
  const { care } = useSession()
  const value = useReadable(care.value)
  const [nowMs] = useState(() => Date.now())
  const isDue = useLatch(isBackupDue(value, nowMs))
  if (!isDue) return null
  return (
    <Suspense fallback={null}>
      <BackupPrompt {...props} />
    </Suspense>
  )
}

/** What a first visit offers to whoever uses the product elsewhere. */
export function Welcome() {
  const { care } = useSession()
  const { visits } = useReadable(care.value)
  if (visits > 1) return null
  return (
    <Suspense fallback={null}>
      <WelcomeCard />
    </Suspense>
  )
}

/** True from the first time it was. */
function useLatch(now: boolean): boolean {
  const [latched, setLatched] = useState(now)
  if (now && !latched) setLatched(true)
  return latched || now
}
