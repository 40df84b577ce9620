import type { PeerId } from '../identity/index.ts'
import { roleIn, type LogState } from './log-state.ts'

/** Who may change the room's files: an owner (the host and co-hosts) also says who else may; a reader reads. */
export type FileRight = 'owner' | 'editor' | 'reader'

export function fileRightIn(state: LogState, peer: PeerId): FileRight {
  return roleIn(state, peer) === 'member' ? 'editor' : 'owner'
}
