import { describe, expect, it } from 'vitest'
import { TransportError } from '../../errors/index.ts'
import type { ObjectSource } from '../objects/index.ts'
import { ReadAhead } from './read-ahead.ts'
import type { Octets, Part } from './source.ts'

const never = new AbortController().signal

/** A source that answers when it is told. */
function manual() {
  const asked: Part[] = []
  const waiting = new Map<
    Part,
    { readonly give: () => void; readonly fail: () => void; readonly signal: AbortSignal }
  >()
  const source: ObjectSource = {
    read: (part, _range, signal) =>
      new Promise<Octets>((resolve, reject) => {
        asked.push(part)
        const give = (): void => resolve(new Uint8Array([Number(part)]))
        const fail = (): void => reject(new TransportError('object-missing', 'as the test wishes'))
        waiting.set(part, { give, fail, signal })
        signal.addEventListener('abort', () => reject(new TransportError('object-missing', 'stopped')))
      }),
  }
  return { asked, waiting, source }
}

describe('reading ahead', () => {
  it('has the next segment on its way while one is read, once each, and none after the last', async () => {
    const { asked, waiting, source } = manual()
    const ahead = new ReadAhead(3, never).over(source, source)
    for (const part of [0, 1, 2]) {
      const read = ahead.read(part, undefined, never)
      expect(asked).toEqual([0, 1, 2].slice(0, part + 2))
      waiting.get(part)?.give()
      expect(await read).toEqual(Uint8Array.of(part))
    }
    expect(asked).toEqual([0, 1, 2])
  })

  it('asks for ranges and hashes as they are, and for nothing after them', async () => {
    const { asked, waiting, source } = manual()
    const ahead = new ReadAhead(3, never).over(source, source)
    const reads = [ahead.read(1, { start: 0, end: 1 }, never), ahead.read('hashes', undefined, never)]
    for (const { give } of waiting.values()) give()
    await Promise.all(reads)
    expect(asked).toEqual([1, 'hashes'])
  })

  it('stops what is on its way when another place is read, when nobody reads any more, and at the end of all', async () => {
    const { waiting, source } = manual()
    const end = new AbortController()
    const ahead = new ReadAhead(9, end.signal).over(source, source)
    const first = ahead.read(0, undefined, never)
    waiting.get(0)?.give()
    await first
    const stop = new AbortController()
    const other = ahead.read(5, undefined, stop.signal)
    expect(waiting.get(1)?.signal.aborted).toBe(true)
    stop.abort()
    await expect(other).rejects.toMatchObject({ code: 'object-missing' })
    expect(waiting.get(6)?.signal.aborted).toBe(true)
    const last = ahead.read(7, undefined, never)
    end.abort()
    await expect(last).rejects.toMatchObject({ code: 'object-missing' })
    expect(waiting.get(8)?.signal.aborted).toBe(true)
  })

  it('asks again for what failed ahead, and turns to the next source without the last one', async () => {
    const [one, two] = [manual(), manual()]
    const ahead = new ReadAhead(4, never)
    const [first, second] = [ahead.over(one.source, one), ahead.over(two.source, two)]
    const read = first.read(0, undefined, never)
    one.waiting.get(1)?.fail()
    one.waiting.get(0)?.give()
    await read
    const again = first.read(1, undefined, never)
    expect(one.asked).toEqual([0, 1, 1, 2])
    one.waiting.get(1)?.fail()
    await expect(again).rejects.toMatchObject({ code: 'object-missing' })
    expect(one.waiting.get(2)?.signal.aborted).toBe(true)
    const elsewhere = second.read(1, undefined, never)
    two.waiting.get(1)?.give()
    expect(await elsewhere).toEqual(Uint8Array.of(1))
    expect([one.asked, two.asked]).toEqual([
      [0, 1, 1, 2],
      [1, 2],
    ])
  })
})
