import {
  browserRuntime,
  deriveRoomKeys,
  importSeed,
  linkCodeOf,
  maxMessageBytes,
  maxParticipants,
  parseRoomLink,
  ProtocolManager,
  standardPolicy,
} from '@p2pigeon/core'
import { createVault, decodeHeader, encodeHeader, generateDeviceKey, openVault } from '@p2pigeon/core/vault'
import type { CorePorts } from '../manager.ts'

/** The real library. Only this folder of the frontend imports values of core. */
export const corePorts: CorePorts = {
  limits: { maxMessageBytes, maxParticipants },
  standardPolicy,
  createManager: () => new ProtocolManager(),
  loadDoctor: () => import('./doctor.ts').then(({ doctor }) => doctor),
  importSeed,
  random: browserRuntime().random,
  vault: { createVault, decodeHeader, encodeHeader, generateDeviceKey, openVault },
  loadPeople: () => import('@p2pigeon/core/people'),
  loadChat: () => import('@p2pigeon/core/chat'),
  readLink: async (textOrUrl) => {
    const { roomName, policy } = await deriveRoomKeys(await parseRoomLink(textOrUrl))
    return { roomId: roomName, code: linkCodeOf(textOrUrl), policy }
  },
}
