import { expect, test } from 'vitest'
import { FakeKeeper } from '../testing/index.ts'
import { fromBytes, toBytes } from '../vault/index.ts'
import { SealedValue, type SealedForm, type SealedPorts } from './sealed-value.ts'

/** A channel that joins all who hold it, the sender left out. */
function channels() {
  const all = new Set<EventTarget>()
  return (): NonNullable<SealedPorts['tabs']> => {
    const target = new EventTarget()
    all.add(target)
    return Object.assign(target, {
      postMessage: (data: unknown) => {
        for (const one of all) if (one !== target) one.dispatchEvent(new MessageEvent('message', { data }))
      },
    })
  }
}

const form: SealedForm<readonly number[]> = {
  slot: 'numbers',
  initial: [],
  encode: (list: readonly number[]) => toBytes(list),
  decode: (bytes) => fromBytes(bytes) as readonly number[],
}

test('steps follow each other from what is stored, in all tabs', async () => {
  const keeper = new FakeKeeper()
  const channel = channels()
  const [one, other] = [channel(), channel()].map((tabs) => new SealedValue({ keeper, locks: undefined, tabs }, form))
  const undo = other?.follow()
  await Promise.all([one?.change((list) => [...list, 1]), one?.change((list) => [...list, 2])])
  await other?.settled
  expect(other?.value.get()).toEqual([1, 2])
  await other?.change((list) => [...list, 3])
  await one?.change((list) => [...list, 4])
  expect(one?.value.get()).toEqual([1, 2, 3, 4])
  undo?.()
})

test('a step that changes nothing or fails writes nothing', async () => {
  const keeper = new FakeKeeper()
  const value = new SealedValue({ keeper, locks: undefined, tabs: undefined }, form)
  await value.change((list) => list)
  await expect(
    value.change(() => {
      throw new TypeError('no')
    }),
  ).rejects.toThrow('no')
  expect(keeper.kept.size).toBe(0)
  expect(await value.change((list) => [...list, 5])).toEqual([5])
})
