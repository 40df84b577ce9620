import { ProtocolManager, importSeed, parseRoomLink, toBase64url } from '@p2pigeon/core'
import type { CorePorts } from './manager.ts'

/** The real library. The only file of the frontend that imports values of core. */
export const corePorts: CorePorts = {
  createManager: () => new ProtocolManager(),
  importSeed,
  readLink: (textOrUrl) => {
    const link = parseRoomLink(textOrUrl)
    return { roomId: toBase64url(link.roomId), code: codePart(textOrUrl) }
  },
}

/** What follows the last `#/r/` or is the whole text: a pasted address and a pasted code mean the same. */
function codePart(textOrUrl: string): string {
  const trimmed = textOrUrl.trim()
  const at = trimmed.lastIndexOf('#/r/')
  return at < 0 ? trimmed : trimmed.slice(at + '#/r/'.length)
}
