import { expect, test } from 'vitest'
import { RingDuty } from './ring-duty.ts'

/** Locks of one browser, as far as they are used: one holder, a queue, and stealing. */
class FakeLocks {
  #end: ((stolen: boolean) => void) | undefined
  readonly #queue: (() => void)[] = []

  readonly request = ((_name: string, options: LockOptions, held: () => Promise<void> | undefined): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const enter = (): void => {
        if (options.signal?.aborted) {
          reject(new DOMException('aborted', 'AbortError'))
          this.#next()
          return
        }
        this.#end = (stolen) => {
          if (stolen) reject(new DOMException('stolen', 'AbortError'))
          else resolve(undefined)
        }
        const mine = this.#end
        void Promise.resolve(held()).then(() => {
          if (this.#end !== mine) return
          this.#end = undefined
          resolve(undefined)
          this.#next()
        })
      }
      if (options.steal) {
        this.#end?.(true)
        enter()
      } else if (this.#end) this.#queue.push(enter)
      else enter()
    })) as unknown as LockManager['request']

  #next(): void {
    if (!this.#end) this.#queue.shift()?.()
  }
}

async function settle(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await Promise.resolve()
}

function tabs(count: number) {
  const locks = new FakeLocks()
  const answering = new Set<number>()
  const duties = Array.from(
    { length: count },
    (_, tab) =>
      new RingDuty(locks, () => {
        answering.add(tab)
        return () => answering.delete(tab)
      }),
  )
  return { answering, duties }
}

test('of several tabs one answers; when it rests, the next one does', async () => {
  const { answering, duties } = tabs(3)
  for (const duty of duties) duty.volunteer()
  duties[0]?.volunteer()
  await settle()
  expect([...answering]).toEqual([0])
  duties[1]?.rest()
  duties[0]?.rest()
  await settle()
  expect([...answering]).toEqual([2])
})

test('a tab that takes over answers at once, and gives the duty back when it goes', async () => {
  const { answering, duties } = tabs(2)
  duties[0]?.volunteer()
  await settle()
  await duties[1]?.takeOver()
  await settle()
  expect([...answering]).toEqual([1])
  expect(duties[0]?.onDuty).toBe(false)
  duties[1]?.rest()
  await settle()
  expect([...answering]).toEqual([0])
})

test('without locks each answers', async () => {
  let answering = 0
  const duty = new RingDuty(undefined, () => {
    answering += 1
    return () => (answering -= 1)
  })
  duty.volunteer()
  await duty.takeOver()
  expect(answering).toBe(1)
  duty.rest()
  expect(answering).toBe(0)
})
