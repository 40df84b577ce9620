import { equal, utf8 } from '../bytes/index.ts'
import { hkdf, importAeadKey, importHkdfKey } from '../crypto/index.ts'
import { UsageError } from '../errors/index.ts'
import type { Random } from '../runtime/index.ts'
import { maxCredentialIdBytes, prfSaltBytes, type VaultHeader, type VaultWrap, type WrapPlan } from './header.ts'
import {
  checkNewPassphrase,
  minimumPassphraseParameters,
  passphraseKey,
  passphraseSaltBytes,
  type PassphraseParameters,
  type PasswordHash,
} from './passphrase.ts'

/** What somebody brings to open a vault. */
export type KeySource =
  | { readonly kind: 'passphrase'; readonly passphrase: string; readonly hash: PasswordHash }
  | {
      readonly kind: 'passkey'
      readonly credentialId: Uint8Array
      /** What the authenticator's PRF extension gave for the wrap's `prfSalt`, 32 bytes. The caller wipes it. */
      readonly prfOutput: Uint8Array
    }
  | { readonly kind: 'device'; readonly key: CryptoKey }

/** What is to open a vault from now on. */
export type NewKeySource =
  | {
      readonly kind: 'passphrase'
      readonly passphrase: string
      readonly hash: PasswordHash
      /** The minimum unless said otherwise. */
      readonly parameters?: PassphraseParameters
    }
  | {
      readonly kind: 'passkey'
      readonly credentialId: Uint8Array
      /** 32 random bytes, drawn for this credential. */
      readonly prfSalt: Uint8Array
      readonly prfOutput: Uint8Array
    }
  | { readonly kind: 'device'; readonly key: CryptoKey }

const prfOutputBytes = 32
const prfContext = 'p2pigeon/v1/prf'

/**
 * How a new source will wrap, with a salt of its own.
 * @throws {UsageError} `passphrase-too-short`, `bad-parameters`, `bad-length`, `extractable-key`
 */
export function planWrap(random: Random, source: NewKeySource): WrapPlan {
  switch (source.kind) {
    case 'passphrase': {
      const parameters = source.parameters ?? minimumPassphraseParameters
      checkNewPassphrase(source.passphrase, parameters)
      return { kind: 'passphrase', salt: random.bytes(passphraseSaltBytes), parameters }
    }
    case 'passkey': {
      const { credentialId, prfSalt, prfOutput } = source
      const hasSizes = credentialId.length >= 1 && credentialId.length <= maxCredentialIdBytes
      if (!hasSizes || prfSalt.length !== prfSaltBytes || prfOutput.length !== prfOutputBytes) {
        throw new UsageError('bad-length', 'a part of the passkey has the wrong size')
      }
      return { kind: 'passkey', credentialId: new Uint8Array(credentialId), prfSalt: new Uint8Array(prfSalt) }
    }
    case 'device':
      if (source.key.extractable) throw new UsageError('extractable-key', 'a device key must not be extractable')
      return { kind: 'device' }
  }
}

/** The wrap a source is meant for, if the header has one. */
export function wrapFor(header: VaultHeader, source: KeySource): VaultWrap | undefined {
  return header.wraps.find(
    (wrap) =>
      wrap.kind === source.kind &&
      (wrap.kind !== 'passkey' || source.kind !== 'passkey' || equal(wrap.credentialId, source.credentialId)),
  )
}

/** The key that a source gives for one wrap of one vault; undefined if the two are of different kinds. */
export async function wrappingKey(
  vaultId: Uint8Array,
  plan: WrapPlan,
  source: KeySource,
): Promise<CryptoKey | undefined> {
  if (plan.kind === 'passphrase' && source.kind === 'passphrase') {
    return passphraseKey(source.passphrase, source.hash, plan.salt, plan.parameters)
  }
  if (plan.kind === 'passkey' && source.kind === 'passkey') return passkeyKey(vaultId, source.prfOutput)
  return plan.kind === 'device' && source.kind === 'device' ? source.key : undefined
}

async function passkeyKey(vaultId: Uint8Array, prfOutput: Uint8Array): Promise<CryptoKey> {
  const raw = await hkdf('SHA-256', await importHkdfKey(prfOutput), vaultId, utf8(prfContext), 32)
  try {
    return await importAeadKey(raw)
  } finally {
    raw.fill(0)
  }
}
