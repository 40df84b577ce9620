import { chmodSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import type { Random } from '@p2pigeon/core/node'
import { keptSeed } from './seed-file.ts'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pigeon-seed-'))
  path = join(folder, 'identity.seed')
})

const counting = (): Random => {
  let draws = 0
  return { bytes: (length) => new Uint8Array(length).fill(++draws) }
}

it('is made once, whole, for its owner only', () => {
  const seed = keptSeed(folder, counting())
  expect(seed).toEqual(new Uint8Array(32).fill(2))
  expect(keptSeed(folder, counting())).toEqual(seed)
  expect(readdirSync(folder)).toEqual(['identity.seed'])
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
})

it('is the one of whoever was first', () => {
  const theirs = new Uint8Array(32).fill(77)
  const random: Random = {
    bytes(length) {
      // Another process finishes its file while we draw.
      if (length === 32) writeFileSync(path, theirs, { mode: 0o600 })
      return new Uint8Array(length).fill(1)
    },
  }
  expect(keptSeed(folder, random)).toEqual(theirs)
  expect(readdirSync(folder)).toEqual(['identity.seed'])
})

it.each([new Uint8Array(31).fill(1), new Uint8Array(33).fill(1), new Uint8Array(0), new Uint8Array(32)])(
  'is refused when damaged: %#',
  (bytes) => {
    writeFileSync(path, bytes, { mode: 0o600 })
    expect(() => keptSeed(folder, counting())).toThrow(/identity\.seed in PIGEON_DATA is damaged/)
  },
)

it.skipIf(process.platform === 'win32')('is refused when others can read it', () => {
  keptSeed(folder, counting())
  chmodSync(path, 0o644)
  expect(() => keptSeed(folder, counting())).toThrow(/can be read by others/)
})

it('says so when it cannot be written', () => {
  expect(() => keptSeed(join(folder, 'missing'), counting())).toThrow(/cannot be written/)
})
