import type { Database } from './database.ts'
import type { CorePorts } from './manager.ts'

const seedBytes = 32
const slot = 'seed'

/**
 * The key every identity on this device derives from. It is made once, kept as a non-extractable CryptoKey, and its raw
 * bytes are wiped at once. Two tabs that start together end up with the same one. Without storage it lasts as long as
 * the page.
 */
export async function loadSeed(
  database: Database | undefined,
  importSeed: CorePorts['importSeed'],
  random: (bytes: Uint8Array<ArrayBuffer>) => void = (bytes) => void crypto.getRandomValues(bytes),
): Promise<CryptoKey> {
  const kept = await database?.get('keys', slot)
  if (kept) return kept
  const bytes = new Uint8Array(seedBytes)
  random(bytes)
  const fresh = await importSeed(bytes)
  bytes.fill(0)
  if (!database) return fresh
  const transaction = database.transaction('keys', 'readwrite')
  const other = await transaction.store.get(slot)
  if (!other) await transaction.store.put(fresh, slot)
  await transaction.done
  return other ?? fresh
}
