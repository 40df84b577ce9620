import { utf8 } from '../bytes/index.ts'
import { importAeadKey } from '../crypto/index.ts'
import { UsageError } from '../errors/index.ts'

/** What Argon2id (RFC 9106) costs. Public: kept beside whatever was sealed with it. */
export interface PassphraseParameters {
  readonly memoryKiB: number
  readonly iterations: number
  readonly parallelism: number
}

/** The second recommended option of RFC 9106 section 4, with one lane, since a page has one thread for it. Less is never read. */
export const minimumPassphraseParameters: PassphraseParameters = { memoryKiB: 65_536, iterations: 3, parallelism: 1 }

/**
 * More is never read: storage or a file that somebody edited cannot make a device hash for an hour or run out of memory. About
 * twenty seconds on a slow phone.
 */
export const maximumPassphraseParameters: PassphraseParameters = { memoryKiB: 524_288, iterations: 10, parallelism: 4 }

/** Fewer characters can be tried through by whoever has the sealed bytes, however slow the hash (NIST SP 800-63B section 3.1.1). */
export const minPassphraseLength = 8

/**
 * Argon2id (RFC 9106, version 0x13, no secret, no associated data) with 32 bytes of output. Injected: the page runs WebAssembly in a
 * worker. It must not keep the passphrase; both arrays are wiped after use.
 */
export type PasswordHash = (
  passphrase: Uint8Array<ArrayBuffer>,
  salt: Uint8Array<ArrayBuffer>,
  parameters: PassphraseParameters,
) => Promise<Uint8Array<ArrayBuffer>>

export const passphraseSaltBytes = 16

/** True if every cost is a whole number between its minimum and its maximum: asked before anything is hashed. */
export function areAcceptable(parameters: PassphraseParameters): boolean {
  return (['memoryKiB', 'iterations', 'parallelism'] as const).every((name) => {
    const value = parameters[name]
    const [least, most] = [minimumPassphraseParameters[name], maximumPassphraseParameters[name]]
    return Number.isInteger(value) && value >= least && value <= most
  })
}

/**
 * For sealing: refuses what could not be opened again or would be worth nothing.
 * @throws {UsageError} `passphrase-too-short`, `bad-parameters`
 */
export function checkNewPassphrase(passphrase: string, parameters: PassphraseParameters): void {
  if ([...passphrase.normalize('NFKC')].length < minPassphraseLength) {
    throw new UsageError('passphrase-too-short', 'a passphrase has at least eight characters')
  }
  if (!areAcceptable(parameters)) throw new UsageError('bad-parameters', 'these costs would never be read')
}

/** The AEAD key of a passphrase. It is normalised (NFKC) first, as keyboards differ in how they write the same letters. */
export async function passphraseKey(
  passphrase: string,
  hash: PasswordHash,
  salt: Uint8Array<ArrayBuffer>,
  parameters: PassphraseParameters,
): Promise<CryptoKey> {
  const typed = utf8(passphrase.normalize('NFKC'))
  try {
    const raw = await hash(typed, salt.slice(), parameters)
    try {
      return await importAeadKey(raw)
    } finally {
      raw.fill(0)
    }
  } finally {
    typed.fill(0)
  }
}
