import { equal } from '../bytes/index.ts'
import { areAcceptable, passphraseSaltBytes, type PassphraseParameters } from './passphrase.ts'

/** The data key of a vault, sealed under one of the keys that open it. Nothing here is secret. */
export type VaultWrap =
  /** Under a passphrase. One at most. */
  | {
      readonly kind: 'passphrase'
      readonly salt: Uint8Array<ArrayBuffer>
      readonly parameters: PassphraseParameters
      readonly sealed: Uint8Array<ArrayBuffer>
    }
  /** Under what an authenticator's PRF extension gives for `prfSalt`. One for each credential. */
  | {
      readonly kind: 'passkey'
      readonly credentialId: Uint8Array<ArrayBuffer>
      readonly prfSalt: Uint8Array<ArrayBuffer>
      readonly sealed: Uint8Array<ArrayBuffer>
    }
  /** Under a non-extractable key that lies beside the vault: keeps nobody out who can use this browser profile. One at most. */
  | { readonly kind: 'device'; readonly sealed: Uint8Array<ArrayBuffer> }

type WithoutSeal<Wrap> = Wrap extends VaultWrap ? Omit<Wrap, 'sealed'> : never

/** A wrap before anything is sealed: its kind and its public parameters. */
export type WrapPlan = WithoutSeal<VaultWrap>

/** What opens a vault, in the open. Who edits it can destroy the vault, not read it. */
export interface VaultHeader {
  /** 16 random bytes; part of everything that is sealed. */
  readonly vaultId: Uint8Array<ArrayBuffer>
  /** 1 to 8. */
  readonly wraps: readonly VaultWrap[]
}

export const vaultIdBytes = 16
export const prfSaltBytes = 32
/** Nonce, data key, tag. */
export const sealedKeyBytes = 12 + 32 + 16
/** WebAuthn Level 3 section 4: a credential id has at most 1,023 bytes. */
export const maxCredentialIdBytes = 1_023
/** A passphrase and every authenticator a person has, with room to spare. */
export const maxWraps = 8

/** True if no two wraps are for the same key, all costs are acceptable, and all parts have their sizes. */
export function isSound({ vaultId, wraps }: VaultHeader): boolean {
  return (
    vaultId.length === vaultIdBytes &&
    wraps.length >= 1 &&
    wraps.length <= maxWraps &&
    wraps.every(isSoundWrap) &&
    wraps.every((wrap, index) => wraps.findIndex((other) => isForSameKey(wrap, other)) === index)
  )
}

/** True if the one would replace the other. */
export function isForSameKey(a: VaultWrap, b: VaultWrap): boolean {
  if (a.kind === 'passkey' && b.kind === 'passkey') return equal(a.credentialId, b.credentialId)
  return a.kind === b.kind
}

function isSoundWrap(wrap: VaultWrap): boolean {
  if (wrap.sealed.length !== sealedKeyBytes) return false
  switch (wrap.kind) {
    case 'passphrase':
      return wrap.salt.length === passphraseSaltBytes && areAcceptable(wrap.parameters)
    case 'passkey':
      return (
        wrap.credentialId.length >= 1 &&
        wrap.credentialId.length <= maxCredentialIdBytes &&
        wrap.prfSalt.length === prfSaltBytes
      )
    case 'device':
      return true
  }
}
