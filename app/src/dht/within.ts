import type { Clock } from '@p2pigeon/core/node'

/** What `wanted` says if it says so within `ms`; false otherwise, and when it fails. */
export async function within(clock: Clock, ms: number, wanted: Promise<boolean>): Promise<boolean> {
  return await new Promise<boolean>((resolve) => {
    const cancel = clock.after(ms, () => {
      resolve(false)
    })
    const answer = (value: boolean) => {
      cancel()
      resolve(value)
    }
    wanted.then(answer, () => {
      answer(false)
    })
  })
}
