/**
 * Purpose. Secrets at rest: a vault whose data key is wrapped by a passphrase, passkeys or the device; backups; recovery words.
 * Promises. The data key is non-extractable once open; what is sealed opens in its own slot and vault only; every failure to open looks the
 * same; costs of a passphrase are judged before anything is hashed; raw key material is wiped as far as JavaScript allows.
 * Does not. Store anything, hash passphrases itself (that is injected), or notice that old storage was put back.
 * May import. errors, bytes, codec, crypto, runtime.
 */
export { addWrap, createVault, generateDeviceKey, maxSlotBytes, openVault, removeWrap, type Vault } from './vault.ts'
export type { VaultHeader, VaultWrap } from './header.ts'
export { decodeHeader, encodeHeader, maxHeaderBytes } from './header-codec.ts'
export type { KeySource, NewKeySource } from './key-source.ts'
export {
  maximumPassphraseParameters,
  minimumPassphraseParameters,
  minPassphraseLength,
  type PassphraseParameters,
  type PasswordHash,
} from './passphrase.ts'
export { maxBackupBytes, openBackup, sealBackup } from './backup.ts'
export { recoveryWordCount, seedOf, wordsOf, type RecoveredSeed } from './recovery-words.ts'
