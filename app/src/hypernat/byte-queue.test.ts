import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ByteQueue } from './byte-queue.ts'

it('gives out what was put in, in order, however it is cut', () => {
  const step = fc.oneof(
    fc.record({ push: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 7_000, max: 20_000 })) }),
    fc.record({ take: fc.integer({ min: 0, max: 30_000 }) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const queue = new ByteQueue()
      let [pushed, taken] = [0, 0]
      const check = (bytes: Uint8Array) => {
        for (const byte of bytes) if (byte !== taken++ % 251) throw new Error('out of order')
      }
      for (const { push = 0, take = 0 } of steps as { push?: number; take?: number }[]) {
        if (push > 0) queue.push(Uint8Array.from({ length: push }, () => pushed++ % 251))
        const bytes = queue.take(take)
        expect(bytes.length).toBeLessThanOrEqual(take)
        check(bytes)
        expect(queue.length).toBe(pushed - taken)
      }
      while (queue.length > 0) check(queue.take(9_999))
      expect(taken).toBe(pushed)
    }),
  )
})

it('keeps tiny pieces in few blocks', () => {
  const queue = new ByteQueue()
  for (let count = 0; count < 50_000; count++) queue.push(new Uint8Array([1]))
  let pieces = 0
  for (; queue.length > 0; pieces++) queue.take(100_000)
  expect(pieces).toBeLessThan(5)
})
