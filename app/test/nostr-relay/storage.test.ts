import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Person, saying, startNostrRelay, wrapFor } from './relay-fixture.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-'))
  file = join(folder, 'nostr.db')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('mail waits through a restart of the relay, and a deletion holds', async () => {
  const reader = new Person()
  const [kept, gone] = [wrapFor(reader), wrapFor(reader)]
  const before = await startNostrRelay({ file })
  const writer = await before.client()
  await writer.publish(kept)
  await writer.publish(gone)
  await writer.publish(reader.signs({ kind: 5, tags: [['e', gone.id]] }))
  await before.close()

  const after = await startNostrRelay({ file })
  const client = await after.client()
  await client.prove(reader, after.url)
  expect(await client.query('s', { kinds: [1059], '#p': [reader.key] })).toEqual([kept.id])
  expect(await client.publish(gone)).toMatchObject({ accepted: false, reason: saying(/^blocked: /) })
  await after.close()
})

test('a disk that is full refuses what would be stored, in words and with one warning; all else goes on', async () => {
  const fixture = await startNostrRelay({ file })
  const client = await fixture.client()
  const stored = new Person().signs({ kind: 1 })
  await client.publish(stored)
  const disk = new Database(file)
  disk.exec(`CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT raise(ABORT, 'disk full'); END`)
  for (let nth = 0; nth < 3; nth++)
    expect(await client.publish(new Person().signs({ kind: 1 }))).toEqual({
      accepted: false,
      reason: 'error: could not store the event',
    })
  expect(fixture.warnings).toHaveLength(1)
  expect(fixture.warnings[0]).not.toContain('disk full')
  expect(await client.query('s', { kinds: [1] })).toEqual([stored.id])
  await client.query('live', { kinds: [20_001] })
  await client.publish(new Person().signs({ kind: 20_001 }))
  expect(await client.next('EVENT', 'live')).toBeDefined()
  disk.exec('DROP TRIGGER full')
  disk.close()
  expect(await client.publish(new Person().signs({ kind: 1 }))).toMatchObject({ accepted: true })
  await fixture.close()
})

test('tables that are broken are no reason to fall', async () => {
  const fixture = await startNostrRelay({ file })
  const client = await fixture.client()
  const disk = new Database(file)
  disk.exec('ALTER TABLE events RENAME TO lost')
  disk.close()
  client.say('REQ', 's', { kinds: [1] })
  expect(await client.next('CLOSED', 's')).toEqual(['CLOSED', 's', saying(/^error: /)])
  expect(await client.publish(new Person().signs({ kind: 1 }))).toMatchObject({ accepted: false })
  fixture.clock.advance(120_000)
  expect(await (await fixture.client()).settled()).toHaveLength(1)
  await fixture.close()
})
