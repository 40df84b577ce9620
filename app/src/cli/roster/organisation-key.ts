import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { UsageError } from '@p2pigeon/core'
import type { Random } from '@p2pigeon/core/node'
import { organisationSigner, type Signer } from '@p2pigeon/core/people'
import { isOpenToOthers, readSmallFile } from './files.ts'

/** One line: what it is, its version, and the 32-byte Ed25519 seed of RFC 8032 in base64url. */
const form = /^p2pigeon-organisation-key:1:([\w-]{43})\r?\n?$/u
const seedBytes = 32
const maxBytes = 256

/**
 * Makes the key of an organisation, in a new file that only its owner can read.
 * @throws {UsageError} `bad-key-file`; the message is for the user.
 */
export async function makeOrganisationKey(path: string, random: Random): Promise<Signer> {
  const seed = random.bytes(seedBytes)
  try {
    const signer = await organisationSigner(seed)
    write(path, `p2pigeon-organisation-key:1:${Buffer.from(seed).toString('base64url')}\n`)
    return signer
  } finally {
    seed.fill(0)
  }
}

/**
 * The key in a file.
 * @throws {UsageError} `bad-key-file`; the message is for the user.
 */
export async function readOrganisationKey(path: string): Promise<Signer> {
  const content = readSmallFile(path, maxBytes)
  if (content === 'missing') throw bad('does not exist: pigeon roster key makes one')
  if (content === 'unreadable') throw bad('cannot be read')
  if (content === 'too-large') throw bad('is another kind of file')
  if (isOpenToOthers(path)) {
    throw bad('can be read by others: make a new key, or if nobody else saw it, chmod 600 the file')
  }
  const text = form.exec(Buffer.from(content).toString('latin1'))?.[1]
  if (text === undefined) throw bad('is another kind of file, or damaged')
  const seed = new Uint8Array(Buffer.from(text, 'base64url'))
  try {
    if (Buffer.from(seed).toString('base64url') !== text || seed.every((byte) => byte === 0)) throw bad('is damaged')
    return await organisationSigner(seed)
  } finally {
    seed.fill(0)
    content.fill(0)
  }
}

function write(path: string, line: string): void {
  let file
  try {
    file = openSync(path, 'wx', 0o600)
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    throw bad(isThere ? 'exists already, and a key is never overwritten' : 'cannot be written')
  }
  try {
    writeSync(file, line)
    fsyncSync(file)
  } catch {
    rmSync(path, { force: true })
    throw bad('cannot be written')
  } finally {
    closeSync(file)
  }
}

function bad(problem: string): UsageError {
  return new UsageError('bad-key-file', `The key file ${problem}.`)
}
