import { useSession, type Session } from '../../session/index.ts'
import { VaultControls } from '../../session/vault/controls/index.ts'

const made = new WeakMap<Session, VaultControls>()

/** What works on the vault of this page; one for all who ask. */
export function useControls(): VaultControls {
  const session = useSession()
  const known = made.get(session)
  if (known) return known
  const controls = new VaultControls(session)
  made.set(session, controls)
  return controls
}
