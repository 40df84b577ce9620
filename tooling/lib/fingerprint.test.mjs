import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fingerprint } from './fingerprint.mjs'
import { root } from './root.mjs'

mkdirSync(join(root, '.cache'), { recursive: true })
const folder = mkdtempSync(join(root, '.cache', 'fingerprint-'))
const path = folder.slice(root.length + 1).replaceAll('\\', '/')
after(() => rmSync(folder, { recursive: true }))

const write = (name, text) => writeFileSync(join(folder, name), text)
/** Whether the fingerprint of the folder differs after `change`. */
function changes(change) {
  const before = fingerprint([path])
  change()
  return fingerprint([path]) !== before
}

test('is the same for the same sources and words', () => {
  write('a.ts', '1')
  assert.equal(fingerprint([path], ['w']), fingerprint([path], ['w']))
  assert.match(fingerprint([path]), /^[0-9a-f]{64}$/)
})

test('differs when a source is changed, added, renamed or removed', () => {
  assert.ok(changes(() => write('a.ts', '2')))
  assert.ok(changes(() => write('b.ts', '')))
  assert.ok(changes(() => renameSync(join(folder, 'b.ts'), join(folder, 'c.ts'))))
  assert.ok(changes(() => rmSync(join(folder, 'c.ts'))))
})

test('differs with the words, as VITE_ values are', () => {
  assert.notEqual(
    fingerprint([path], ['VITE_DHT_RELAY_URL', 'ws://a']),
    fingerprint([path], ['VITE_DHT_RELAY_URL', 'ws://b']),
  )
  assert.notEqual(fingerprint([path], ['ab', '']), fingerprint([path], ['a', 'b']))
})

test('does not depend on tests, installed packages or what was built', () => {
  assert.ok(
    !changes(() => {
      write('a.test.ts', '1')
      for (const name of ['node_modules', 'dist', '.cache']) {
        mkdirSync(join(folder, name))
        write(join(name, 'x.js'), '1')
      }
    }),
  )
})

test('takes a missing path for nothing', () => {
  assert.equal(fingerprint([path, 'no-such-folder']), fingerprint([path]))
})
