import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureDataFolder } from '../config/index.ts'

const form = /^[0-9a-f]{16}$/

/**
 * A name of this node's own, kept in its data folder. Two nodes that are each `localhost` to their users are told apart by it: mail for somebody at the
 * one must not be left at the other.
 */
export function nodeName(dataFolder: string): string {
  const file = join(ensureDataFolder(dataFolder), 'node-name')
  try {
    const known = readFileSync(file, 'utf8').trim()
    if (form.test(known)) return known
  } catch {
    // Not there yet.
  }
  const made = randomBytes(8).toString('hex')
  writeFileSync(file, `${made}\n`, { mode: 0o600 })
  return made
}
