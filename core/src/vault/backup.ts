import { concat, equal, utf8 } from '../bytes/index.ts'
import { pad, Reader, unpad, Writer } from '../codec/index.ts'
import { aeadNonceBytes, aeadOpen, aeadSeal, aeadTagBytes } from '../crypto/index.ts'
import { AuthenticationError, CodecError, LimitError } from '../errors/index.ts'
import type { Random } from '../runtime/index.ts'
import { readParameters, writeParameters } from './parameters-codec.ts'
import {
  areAcceptable,
  checkNewPassphrase,
  minimumPassphraseParameters,
  passphraseKey,
  passphraseSaltBytes,
  type PassphraseParameters,
  type PasswordHash,
} from './passphrase.ts'

/*
 * A backup is
 *
 *   "P2PBACKUP" | version u8 | salt 16 | memory u32 | iterations u8 | parallelism u8 | nonce 12 | AES-256-GCM(padded contents)
 *
 * and everything before the ciphertext is its associated data. Magic and version stay first in every version to come.
 */
const magic = utf8('P2PBACKUP')
const version = 1
/** What a backup holds at most: all slots of a vault that somebody may want elsewhere. */
export const maxBackupBytes = 32 * 2 ** 20
/** The longest file: contents, an eighth of padding, and all that stands around it. */
const maxFileBytes = maxBackupBytes + maxBackupBytes / 8 + 1_024

/**
 * A file that only the passphrase opens.
 * @throws {UsageError} `passphrase-too-short`, `bad-parameters`
 * @throws {LimitError} `backup-too-large` above 32 MiB.
 */
export async function sealBackup(
  random: Random,
  passphrase: string,
  hash: PasswordHash,
  contents: Uint8Array,
  parameters: PassphraseParameters = minimumPassphraseParameters,
): Promise<Uint8Array<ArrayBuffer>> {
  checkNewPassphrase(passphrase, parameters)
  if (contents.length > maxBackupBytes) throw new LimitError('backup-too-large', 'a backup holds at most 32 MiB')
  const salt = random.bytes(passphraseSaltBytes)
  const nonce = random.bytes(aeadNonceBytes)
  const start = new Writer().fixed(magic).u8(version).fixed(salt)
  const prefix = writeParameters(start, parameters).fixed(nonce).finish()
  const padded = pad(contents)
  try {
    const key = await passphraseKey(passphrase, hash, salt, parameters)
    return concat(prefix, await aeadSeal(key, nonce, prefix, padded))
  } finally {
    padded.fill(0)
  }
}

/**
 * Costs are judged before anything is hashed.
 * @throws {CodecError} `not-a-backup`: another kind of file, one cut at its start, or one whose costs nobody would choose.
 * `backup-version`: of a later version.
 * @throws {AuthenticationError} `backup-locked`: a wrong passphrase or a damaged file, which cannot be told apart.
 */
export async function openBackup(
  bytes: Uint8Array,
  passphrase: string,
  hash: PasswordHash,
): Promise<Uint8Array<ArrayBuffer>> {
  const { salt, parameters, nonce, prefix, ciphertext } = readFile(bytes)
  const key = await passphraseKey(passphrase, hash, salt, parameters)
  try {
    const padded = await aeadOpen(key, nonce, prefix, ciphertext)
    const contents = unpad(padded).slice()
    padded.fill(0)
    return contents
  } catch {
    throw new AuthenticationError('backup-locked', 'the backup does not open')
  }
}

function readFile(bytes: Uint8Array) {
  if (bytes.length > maxFileBytes || !equal(bytes.subarray(0, magic.length), magic)) throw notABackup()
  try {
    const reader = new Reader(bytes.subarray(magic.length))
    if (reader.u8() !== version) throw new CodecError('backup-version', 'the backup needs a newer version')
    const salt = reader.fixed(passphraseSaltBytes)
    const parameters = readParameters(reader)
    const nonce = reader.fixed(aeadNonceBytes)
    const start = bytes.length - reader.remaining
    if (reader.remaining < aeadTagBytes || !areAcceptable(parameters)) throw notABackup()
    return { salt, parameters, nonce, prefix: bytes.subarray(0, start), ciphertext: bytes.subarray(start) }
  } catch (error) {
    if (error instanceof CodecError && error.code !== 'truncated') throw error
    throw notABackup()
  }
}

function notABackup(): CodecError {
  return new CodecError('not-a-backup', 'the file is no backup')
}
