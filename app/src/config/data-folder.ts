import { mkdirSync } from 'node:fs'
import { ConfigError } from './config-error.ts'

/**
 * Makes the data folder when it is first needed, readable by its owner only, and returns its path.
 * @throws {ConfigError} when it cannot be made or is not a folder.
 */
export function ensureDataFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    return path
  } catch {
    throw new ConfigError('PIGEON_DATA', 'must name a folder that this user can create and write to', '/var/lib/pigeon')
  }
}
