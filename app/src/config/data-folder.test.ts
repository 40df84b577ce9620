import { mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ConfigError, ensureDataFolder } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'pigeon-data-'))

it.skipIf(process.platform === 'win32')('is made for its owner only, and once', () => {
  const path = join(folder, 'a', 'b')
  expect(ensureDataFolder(path)).toBe(path)
  expect(statSync(path).mode & 0o777).toBe(0o700)
  expect(ensureDataFolder(path)).toBe(path)
})

it('names PIGEON_DATA when a file is in the way', () => {
  writeFileSync(join(folder, 'file'), '')
  expect(() => ensureDataFolder(join(folder, 'file', 'x'))).toThrow(ConfigError)
  expect(() => ensureDataFolder(join(folder, 'file'))).toThrow(/^PIGEON_DATA /)
})
