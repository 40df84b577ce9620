import { expect, it } from 'vitest'
import { author, drive, folder, master, put, roomId } from '../../../test/files/authors.ts'
import { Scope } from '../../lifetime/index.ts'
import { webRandom } from '../../runtime/platform/index.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { noHash } from '../journal/index.ts'
import { JournalWriter } from './journal-writer.ts'

it('writes what waits with something that cannot be written, which fails alone', async () => {
  const clock = new FakeClock()
  const scope = new Scope()
  let appended = 0
  const writer = new JournalWriter(
    {
      ...{ roomId, drive, clock, identity: await author(1), random: webRandom },
      store: {
        append: () => Promise.resolve({}),
        journal: () => Promise.resolve({ batches: [], length: 0 }),
      },
      master: () => master(1),
      head: () => ({ batches: appended, head: noHash }),
      appended: async () => {
        appended += 1
      },
    },
    scope,
  )
  const outcomes = Promise.allSettled([
    writer.write(() => [folder(1)], { lingers: true }),
    writer.write(() => [{ ...put, sizeBytes: 2 ** 40 }], { lingers: true }),
    writer.write(() => [folder(2)], { lingers: true }),
  ])
  clock.advance(250)
  expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(appended).toBe(1)
  scope.end()
})
