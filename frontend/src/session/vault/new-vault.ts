import type { Vault } from '@p2pigeon/core/people'
import type { Database } from '../database.ts'
import type { CorePorts } from '../manager.ts'
import { toBytes } from './codec.ts'
import { headerSlot, keyNames, newSlotId, slotNames, slotPrefixes } from './names.ts'

const seedBytes = 32

export type VaultCore = Pick<CorePorts, 'vault' | 'random' | 'importSeed' | 'loadPeople'>

export interface NewVault {
  /** What it begins with; a fresh seed is added unless one is in it. The caller wipes it. */
  readonly contents?: readonly (readonly [slot: string, bytes: Uint8Array])[]
  /** True to drop all that is kept so far, also what nobody can open any more. */
  readonly replacing?: boolean
}

/**
 * The vault of this browser profile, opened by a key of the device until something protects it. What version 1 kept in the open is
 * sealed in the same step: a crash leaves either all of the old or all of the new. `undefined` when another tab was first.
 *
 * The seed of version 1 cannot be read and so not be sealed. It stays as it is, for the rooms that know this device by it, until a
 * passphrase or passkey is set: a key beside the vault would then belie what is promised.
 */
export async function newVault(
  { vault: lib, random }: VaultCore,
  database: Database,
  { contents: given = [], replacing = false }: NewVault = {},
): Promise<Vault | undefined> {
  const deviceKey = await lib.generateDeviceKey()
  const { header, vault } = await lib.createVault(random, { kind: 'device', key: deviceKey })
  const rooms = replacing ? [] : await database.getAll('rooms')
  const contents: (readonly [string, Uint8Array])[] = [...given, [slotNames.deviceSeed, random.bytes(seedBytes)]]
  if (!given.some(([slot]) => slot === slotNames.seed)) contents.push([slotNames.seed, random.bytes(seedBytes)])
  for (const room of rooms) contents.push([slotPrefixes.room + newSlotId(), toBytes(room)])
  const sealed = await Promise.all(
    contents.map(async ([slot, bytes]) => [slot, await vault.seal(slot, bytes)] as const),
  )
  const transaction = database.transaction(['keys', 'rooms', 'vault', 'slots'], 'readwrite')
  if (!replacing && (await transaction.objectStore('vault').get(headerSlot))) {
    await transaction.done
    return undefined
  }
  if (replacing) {
    await transaction.objectStore('keys').clear()
    await transaction.objectStore('slots').clear()
  }
  await transaction.objectStore('keys').put(deviceKey, keyNames.device)
  await transaction.objectStore('vault').put(lib.encodeHeader(header), headerSlot)
  for (const [slot, bytes] of sealed) await transaction.objectStore('slots').put(bytes, slot)
  await transaction.objectStore('rooms').clear()
  await transaction.done
  return vault
}
