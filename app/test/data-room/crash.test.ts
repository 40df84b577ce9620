import { randomBytes, randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@p2pigeon/core/node'
import { afterEach, expect, it } from 'vitest'
import { DataClient, newObject } from './data-client.ts'
import { serve } from './served.ts'
import { spawnServed } from './spawn-served.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

interface Acknowledged {
  readonly segments: { readonly object: string; readonly bytes: Buffer }[]
  readonly batches: Buffer[]
  /** Objects of several segments, and what was last said of them. */
  readonly whole: Map<string, { readonly segments: readonly Buffer[]; state: 'kept' | 'going' | 'gone' }>
}

/** Writes until the node is gone, and keeps what it said it has. */
async function writeUntilGone(client: DataClient, drive: string, kept: Acknowledged): Promise<void> {
  const segments = async (): Promise<void> => {
    for (;;) {
      const object = newObject()
      const bytes = randomBytes(randomInt(1, 300_000))
      if ((await client.put(drive, object, 0, bytes)).status === 201) kept.segments.push({ object, bytes })
    }
  }
  const batches = async (): Promise<void> => {
    for (;;) {
      const batch = randomBytes(randomInt(53, 4_000))
      const { status, json } = await client.append(drive, kept.batches.length, batch)
      if (status === 201) kept.batches.push(batch)
      else if (status === 409) {
        // Written before it was killed, and not acknowledged: what is there goes on from there.
        const { next } = json() as { next: number }
        const more = await client.journal(drive, kept.batches.length)
        expect(next).toBe(kept.batches.length + more.length)
        kept.batches.push(...more)
      }
    }
  }
  const deletions = async (): Promise<void> => {
    for (;;) {
      const object = newObject()
      const bytes = [0, 1, 2].map(() => randomBytes(randomInt(1, 200_000)))
      for (const [n, segment] of bytes.entries()) {
        if ((await client.put(drive, object, n, segment)).status !== 201) return
      }
      const one = { segments: bytes, state: 'kept' as 'kept' | 'going' | 'gone' }
      kept.whole.set(object, one)
      if (randomInt(3) === 0) continue
      one.state = 'going'
      if ((await client.call('DELETE', `/data/drives/${drive}/objects/${object}`)).status === 200) one.state = 'gone'
    }
  }
  for (const { reason } of (await Promise.allSettled([
    segments(),
    segments(),
    batches(),
    deletions(),
  ])) as PromiseRejectedResult[]) {
    // What `fetch` says of a node that is gone.
    if (!(reason instanceof TypeError)) throw reason
  }
}

it(
  'has every write that was acknowledged and nothing of what was deleted, however often it is killed',
  { timeout: 90_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pigeon-killed-'))
    folders.push(folder)
    const kept: Acknowledged = { segments: [], batches: [], whole: new Map() }
    let client: DataClient | undefined
    let drive = ''
    let rounds = 0
    for (const until = Date.now() + 15_000; rounds < 3 || (Date.now() < until && rounds < 12); rounds++) {
      const node = await spawnServed(folder)
      client ??= new DataClient(node.port)
      await client.moveTo(node.port)
      if (drive === '') drive = await client.newDrive()
      const written = kept.segments.length + kept.batches.length
      const writing = writeUntilGone(client, drive, kept)
      await expect
        .poll(() => kept.segments.length + kept.batches.length, { timeout: 20_000 })
        .toBeGreaterThan(written + 3)
      // At any moment of a write.
      await new Promise<void>((resolve) => {
        systemClock.after(randomInt(0, 150), resolve)
      })
      await node.kill()
      await writing
    }
    const served = await serve({ folder })
    try {
      if (client === undefined) throw new Error('no round')
      await client.moveTo(served.port)
      for (const { object, bytes } of kept.segments) {
        const { status, body } = await client.get(drive, object, 0)
        expect([status, body.equals(bytes)]).toEqual([200, true])
      }
      const left: Buffer[] = []
      for (const [object, { segments, state }] of kept.whole) {
        const { json } = await client.call('GET', `/data/drives/${drive}/objects/${object}`)
        const listed = (json() as { segments: number[] }).segments
        // One that was on its way out when the node was killed is there or not, never half.
        const isThere = state === 'kept' || (state === 'going' && listed.length > 0)
        expect(listed).toEqual(isThere ? [0, 1, 2] : [])
        for (const n of listed) {
          const { status, body } = await client.get(drive, object, n)
          expect([status, body.equals(segments[n] ?? Buffer.alloc(0))]).toEqual([200, true])
          left.push(body)
        }
      }
      const journal = await client.journal(drive)
      expect(journal.length).toBeGreaterThanOrEqual(kept.batches.length)
      for (const [n, batch] of kept.batches.entries()) expect(journal[n]?.equals(batch)).toBe(true)
      // At most the one that was under way when it was killed the last time.
      expect(journal.length - kept.batches.length).toBeLessThanOrEqual(1)
      const acknowledged = [...kept.segments.map(({ bytes }) => bytes), ...left, ...kept.batches].reduce(
        (sum, { length }) => sum + length,
        0,
      )
      const { storedBytes } = served.room.stats()
      expect(storedBytes).toBeGreaterThanOrEqual(acknowledged)
      // Each kill may have left two segments that were not acknowledged, and the beginning of an object of three.
      expect(storedBytes).toBeLessThanOrEqual(acknowledged + rounds * (2 * 300_000 + 3 * 200_000) + 4_000)
    } finally {
      await served.close()
    }
  },
)
