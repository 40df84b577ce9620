import { concat, utf8 } from '../bytes/index.ts'
import { pad, unpad, Writer } from '../codec/index.ts'
import { aeadNonceBytes, aeadOpen, aeadSeal, generateAeadKey, importAeadKey } from '../crypto/index.ts'
import { AuthenticationError, LimitError, UsageError } from '../errors/index.ts'
import type { Random } from '../runtime/index.ts'
import { withDataKey, wrapDataKey } from './data-key.ts'
import { isForSameKey, maxWraps, vaultIdBytes, type VaultHeader, type VaultWrap } from './header.ts'
import type { KeySource, NewKeySource } from './key-source.ts'

/** An open vault. It keeps nothing: the caller stores what `seal` returns, under the slot's name. */
export interface Vault {
  /**
   * Seals for one slot; padded, so that a dump tells sizes only roughly. At most 2^32 times in the life of a vault.
   * @throws {UsageError} `bad-slot` unless the name has 1 to 64 characters.
   * @throws {LimitError} `slot-too-large` above 16 MiB.
   */
  seal(slot: string, plaintext: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
  /**
   * @throws {UsageError} `bad-slot` unless the name has 1 to 64 characters.
   * @throws {AuthenticationError} `slot-not-genuine`, whether it is damaged, of another slot or of another vault.
   */
  open(slot: string, sealed: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
}

/** The largest thing kept is a book of 2,000 contacts of at most 4 kB; the rest is room to grow. */
export const maxSlotBytes = 16 * 2 ** 20
const maxSlotNameLength = 64
const dataKeyBytes = 32
const slotVersion = 1
const slotDomain = 'p2pigeon/v1/vault-slot'

/**
 * A new vault with a random data key.
 * @throws {UsageError} `passphrase-too-short`, `bad-parameters`, `bad-length`, `extractable-key`
 */
export async function createVault(
  random: Random,
  source: NewKeySource,
): Promise<{ readonly header: VaultHeader; readonly vault: Vault }> {
  const vaultId = random.bytes(vaultIdBytes)
  const dataKey = random.bytes(dataKeyBytes)
  try {
    const wraps = [await wrapDataKey(random, vaultId, dataKey, source)]
    return { header: { vaultId, wraps }, vault: await vaultOf(random, vaultId, dataKey) }
  } finally {
    dataKey.fill(0)
  }
}

/**
 * @throws {AuthenticationError} `vault-locked`, the same whatever did not hold.
 * @throws what the source's password hash throws when it cannot run.
 */
export async function openVault(random: Random, header: VaultHeader, source: KeySource): Promise<Vault> {
  return withDataKey(header, source, (dataKey) => vaultOf(random, header.vaultId, dataKey))
}

/**
 * The header with one more way to open, or, if that is of the same kind (for a passkey: the same credential), with another one in its
 * place. The data key stays: who opened the vault with what is replaced, and kept both its header and its slots, still can.
 * @throws {AuthenticationError} `vault-locked` unless `current` opens the vault.
 * @throws {LimitError} `too-many-wraps` above 8.
 * @throws {UsageError} `passphrase-too-short`, `bad-parameters`, `bad-length`, `extractable-key`
 */
export async function addWrap(
  random: Random,
  header: VaultHeader,
  current: KeySource,
  added: NewKeySource,
): Promise<VaultHeader> {
  const { vaultId } = header
  const wrap = await withDataKey(header, current, (dataKey) => wrapDataKey(random, vaultId, dataKey, added))
  const others = header.wraps.filter((other) => !isForSameKey(other, wrap))
  if (others.length >= maxWraps) throw new LimitError('too-many-wraps', 'the vault has eight ways to open it already')
  return { vaultId, wraps: [...others, wrap] }
}

/**
 * The header without the ways to open that `isRemoved` names. No key is needed, nor would one help: who can write the header can cut
 * it anyway.
 * @throws {UsageError} `last-wrap` if none would be left.
 */
export function removeWrap(header: VaultHeader, isRemoved: (wrap: VaultWrap) => boolean): VaultHeader {
  const wraps = header.wraps.filter((wrap) => !isRemoved(wrap))
  if (wraps.length === 0) throw new UsageError('last-wrap', 'nothing would open the vault any more')
  return { vaultId: header.vaultId, wraps }
}

/** A key for a `device` wrap: made here, non-extractable, to be kept in IndexedDB. */
export async function generateDeviceKey(): Promise<CryptoKey> {
  return generateAeadKey()
}

async function vaultOf(random: Random, vaultId: Uint8Array, dataKey: Uint8Array): Promise<Vault> {
  const key = await importAeadKey(dataKey)
  return {
    seal: async (slot, plaintext) => {
      const ad = slotBytes(vaultId, slot)
      if (plaintext.length > maxSlotBytes) throw new LimitError('slot-too-large', 'a slot holds at most 16 MiB')
      const nonce = random.bytes(aeadNonceBytes)
      const padded = pad(plaintext)
      try {
        return concat(Uint8Array.of(slotVersion), nonce, await aeadSeal(key, nonce, ad, padded))
      } finally {
        padded.fill(0)
      }
    },
    open: async (slot, sealed) => {
      const ad = slotBytes(vaultId, slot)
      const nonce = sealed.subarray(1, 1 + aeadNonceBytes)
      if (sealed[0] !== slotVersion || nonce.length !== aeadNonceBytes) throw notGenuine()
      try {
        const padded = await aeadOpen(key, nonce, ad, sealed.subarray(1 + aeadNonceBytes))
        const plaintext = unpad(padded).slice()
        padded.fill(0)
        return plaintext
      } catch {
        throw notGenuine()
      }
    },
  }
}

/** What a slot's bytes are bound to: their form, their vault and their name. */
function slotBytes(vaultId: Uint8Array, slot: string): Uint8Array<ArrayBuffer> {
  if (slot === '' || slot.length > maxSlotNameLength) throw new UsageError('bad-slot', 'a slot has a short name')
  return new Writer().fixed(utf8(slotDomain)).u8(0).u8(slotVersion).fixed(vaultId).text16(slot).finish()
}

function notGenuine(): AuthenticationError {
  return new AuthenticationError('slot-not-genuine', 'the slot does not open')
}
