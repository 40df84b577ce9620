import {
  deriveRoomKeys,
  importSeed,
  linkCodeOf,
  maxMessageBytes,
  maxParticipants,
  parseRoomLink,
  ProtocolManager,
} from '@p2pigeon/core'
import type { CorePorts } from '../manager.ts'

/** The real library. The only file of the frontend that imports values of core. */
export const corePorts: CorePorts = {
  limits: { maxMessageBytes, maxParticipants },
  createManager: () => new ProtocolManager(),
  importSeed,
  readLink: async (textOrUrl) => {
    const { roomName } = await deriveRoomKeys(await parseRoomLink(textOrUrl))
    return { roomId: roomName, code: linkCodeOf(textOrUrl) }
  },
}
