import fc from 'fast-check'
import { expect, it } from 'vitest'
import { utf8 } from '../bytes/index.ts'
import type { Slots } from './slots.ts'
import { maxSeen } from './limits.ts'
import { SeenLog } from './seen-log.ts'

class Disk implements Slots {
  readonly slots = new Map<string, Uint8Array<ArrayBuffer>>()
  writtenBytes = 0
  isFull = false

  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return Promise.resolve(this.slots.get(name))
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    if (this.isFull) return Promise.reject(new Error('disk full'))
    this.writtenBytes += bytes.length
    this.slots.set(name, new Uint8Array(bytes))
    return Promise.resolve()
  }

  remove(name: string): Promise<void> {
    this.slots.delete(name)
    return Promise.resolve()
  }
}

const idOf = (n: number): string => String(n).padStart(64, '0')

it('holds at least the latest after any number of additions, failed writes and restarts', async () => {
  const step = fc.oneof(
    fc.record({ add: fc.integer({ min: 1, max: 3_000 }) }),
    fc.constant('write' as const),
    fc.constant('full' as const),
    fc.constant('restart' as const),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const disk = new Disk()
      let log = await SeenLog.open(disk)
      let [count, written] = [0, 0]
      const latest = (): string[] =>
        Array.from({ length: Math.min(maxSeen, count) }, (_, n) => idOf(count - Math.min(maxSeen, count) + n))
      for (const each of steps) {
        if (typeof each === 'object') for (let n = 0; n < each.add; n++) log.add(idOf(count++))
        else if (each === 'write') {
          await log.write()
          written = count
        } else if (each === 'full') {
          disk.isFull = true
          await log.write().catch(() => undefined)
          disk.isFull = false
        } else {
          log = await SeenLog.open(disk)
          count = written
        }
        expect(log.ids.slice(-Math.min(maxSeen, count) || Infinity)).toEqual(latest())
      }
      expect(disk.slots.size).toBeLessThanOrEqual(41)
    }),
    { numRuns: 50 },
  )
}, 30_000)

it('takes over what was kept as one list, once, whenever a crash comes', async () => {
  const former = Array.from({ length: maxSeen }, (_, n) => idOf(n))
  const disk = new Disk()
  await disk.write('chat.seen', utf8(JSON.stringify(former)))
  const cut = await SeenLog.open(disk)
  expect(cut.ids).toEqual(former)
  const write = disk.write.bind(disk)
  let left = 7
  disk.write = (name, bytes) => (left-- > 0 ? write(name, bytes) : Promise.reject(new Error('disk full')))
  await expect(cut.write()).rejects.toThrow()
  disk.write = write
  expect(disk.slots.has('chat.seen')).toBe(true)
  const log = await SeenLog.open(disk)
  expect(log.ids).toEqual(former)
  log.add(idOf(maxSeen))
  await log.write()
  expect(disk.slots.has('chat.seen')).toBe(false)
  expect((await SeenLog.open(disk)).ids).toEqual([...former, idOf(maxSeen)])
})

it('writes little for one more, and nothing for none', async () => {
  const disk = new Disk()
  const log = await SeenLog.open(disk)
  for (let n = 0; n < maxSeen; n++) log.add(idOf(n))
  await log.write()
  disk.writtenBytes = 0
  await log.write()
  expect(disk.writtenBytes).toBe(0)
  log.add(idOf(maxSeen))
  await log.write()
  expect(disk.writtenBytes).toBeLessThan(40_000)
})
