import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '@p2pigeon/core'
import type { Random } from '@p2pigeon/core/node'

const seedBytes = 32
const defaultName = 'identity.seed'

type Bad = (problem: string) => UsageError

function read(path: string, bad: Bad): Uint8Array<ArrayBuffer> | undefined {
  let content
  try {
    content = readFileSync(path)
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
      throw bad('can be read by others: make a new one, or if nobody else saw it, chmod 600 it')
    }
  } catch (error) {
    if (error instanceof UsageError) throw error
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw bad('cannot be read')
  }
  const seed = new Uint8Array(content)
  content.fill(0)
  if (seed.length !== seedBytes || seed.every((byte) => byte === 0)) throw bad('is damaged: it must hold 32 bytes')
  return seed
}

/**
 * The 32 bytes that this terminal's identities come from, kept in `folder` (which exists) with mode 0600; made when
 * missing. Two processes that start together get the same one: the file appears whole or not at all.
 * @throws {UsageError} `bad-seed-file`; the message is for the user.
 */
export function keptSeed(folder: string, random: Random, fileName = defaultName): Uint8Array<ArrayBuffer> {
  const named = fileName === defaultName ? `${fileName} in PIGEON_DATA` : 'The key file'
  const bad: Bad = (problem) => new UsageError('bad-seed-file', `${named} ${problem}.`)
  const path = join(folder, fileName)
  const existing = read(path, bad)
  if (existing !== undefined) return existing
  const fresh = join(folder, `.${fileName}-${Buffer.from(random.bytes(8)).toString('hex')}`)
  try {
    const file = openSync(fresh, 'wx', 0o600)
    writeSync(file, random.bytes(seedBytes))
    fsyncSync(file)
    closeSync(file)
    linkSync(fresh, path)
  } catch (error) {
    // EEXIST: another process was first, and its seed is the one.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw bad('cannot be written')
  } finally {
    rmSync(fresh, { force: true })
  }
  const kept = read(path, bad)
  if (kept === undefined) throw bad('cannot be written')
  return kept
}
