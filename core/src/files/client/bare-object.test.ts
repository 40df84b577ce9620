import { expect, it } from 'vitest'
import { sealedSegmentBytes } from '../limits.ts'
import { readBareObject } from './bare-object.ts'

const [drive, object] = ['d'.repeat(64), 'a'.repeat(32)]
const { signal } = new AbortController()
const bytes = sealedSegmentBytes + 10
const pieces = [new Uint8Array(sealedSegmentBytes).fill(1), new Uint8Array(10).fill(2)]

/** What was asked of a node that has these pieces, in its order. */
function nodeWith(given: readonly Uint8Array<ArrayBuffer>[]) {
  const asked: string[] = []
  const store: Parameters<typeof readBareObject>[0] = {
    follow: async (drives) => void asked.push(`follow ${drives.join()}`),
    read: async (from, name, part) => {
      asked.push(`${from}/${name}/${part}`)
      return given[Number(part)] ?? new Uint8Array(0)
    },
  }
  return { asked, store }
}

it('is followed, then read piece by piece', async () => {
  const { asked, store } = nodeWith(pieces)
  const moved: number[] = []
  const whole = await readBareObject(store, { drive, object, bytes }, signal, (part) => void moved.push(part))
  expect([whole.length, whole[sealedSegmentBytes - 1], whole[sealedSegmentBytes]]).toEqual([bytes, 1, 2])
  expect(asked).toEqual([`follow ${drive}`, `${drive}/${object}/0`, `${drive}/${object}/1`])
  expect(moved).toEqual([sealedSegmentBytes / bytes, 1])
})

it.each([
  ['shorter', [pieces[0]!, new Uint8Array(9)]],
  ['longer', [pieces[0]!, new Uint8Array(11)]],
  ['cut in another way', [new Uint8Array(sealedSegmentBytes - 1), new Uint8Array(11)]],
])('is missing where it is %s than was said', async (_, given) => {
  const { store } = nodeWith(given)
  await expect(readBareObject(store, { drive, object, bytes }, signal)).rejects.toMatchObject({
    code: 'object-missing',
  })
})
