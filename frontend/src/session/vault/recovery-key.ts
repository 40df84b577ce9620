import type { KeySource, NewKeySource, VaultWrap } from '@p2pigeon/core/people'
import { sameKey } from './codec.ts'

/*
 * The 24 words are a second way into a protected vault, so that a forgotten passphrase costs nothing that is kept here: what derives
 * from the seed for local storage (security notes, “One seed, separated keys”) wraps the data key. To the vault it is a passkey
 * whose authenticator is the seed.
 */
const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
const credentialId = utf8('p2pigeon/v1/recovery-words')
/** The wrap's own key is bound to its vault already; nothing else varies. */
const prfSalt = new Uint8Array(32)
const seedSalt = utf8('p2pigeon/v1/identity')
const context = utf8('p2pigeon/v1/local-storage')

/** What the seed opens a vault with. `forget` wipes it. */
export async function recoveryKey(
  seed: Uint8Array<ArrayBuffer>,
): Promise<{ readonly source: KeySource & NewKeySource; readonly forget: () => void }> {
  const key = await crypto.subtle.importKey('raw', seed, 'HKDF', false, ['deriveBits'])
  const algorithm = { name: 'HKDF', hash: 'SHA-512', salt: seedSalt, info: context }
  const prfOutput = new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 256))
  return { source: { kind: 'passkey', credentialId, prfSalt, prfOutput }, forget: () => void prfOutput.fill(0) }
}

export function isWordsWrap(wrap: VaultWrap): boolean {
  return wrap.kind === 'passkey' && sameKey(wrap.credentialId, credentialId)
}
