import { describe, expect, it } from 'vitest'
import { author, drive, folder, journal, master, roomId } from '../../../test/files/authors.ts'
import { Scope } from '../../lifetime/index.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { MasterRing } from '../keys/index.ts'
import { Drives } from './drives.ts'
import type { JournalPage } from './source.ts'

/** The drives of a room, of which one is remembered with three batches and a node gives these. */
async function remembering(page: (batches: readonly Uint8Array<ArrayBuffer>[], from: number) => JournalPage) {
  const { batches, heads } = await journal([[folder(1)], [folder(2)], [folder(3)]])
  const [{ peerId }, known] = await Promise.all([author(1), master(1)])
  const scope = new Scope()
  const drives = new Drives(
    {
      ...{ roomId, clock: new FakeClock(), masters: new MasterRing([known]) },
      source: { journal: (_, from) => Promise.resolve(page(batches, from)) },
      changed: () => undefined,
      grown: () => undefined,
      ...{ answered: () => undefined, reached: () => undefined },
    },
    [{ drive, author: peerId, batches: 3, head: heads[3] ?? '', record: undefined }],
    undefined,
    scope,
  )
  await drives.refresh(drive)
  return { drives, heads, end: () => scope.end() }
}

describe('a drive that is remembered', () => {
  it('is whole where the node shows all of it again', async () => {
    const { drives, heads, end } = await remembering((all, from) => ({ batches: all.slice(from), length: all.length }))
    expect(drives.state()).toEqual({ pending: 0, problems: [] })
    expect(drives.head(drive)).toEqual({ batches: 3, head: heads[3] })
    end()
  })

  it('H10: is not taken for whole where the node says that it has all of it and gives less', async () => {
    const { drives, heads, end } = await remembering((all, from) => ({ batches: all.slice(from, 2), length: 3 }))
    expect(drives.head(drive).batches).toBe(2)
    expect(drives.state().pending).toBe(1)
    // And what is remembered stays what it was.
    expect(drives.remembered()).toMatchObject([{ batches: 3, head: heads[3] }])
    end()
  })

  it('H10: is named where the node shows less, and what it shows is kept', async () => {
    const { drives, heads, end } = await remembering((all, from) => ({ batches: all.slice(from, 2), length: 2 }))
    expect(drives.state().problems).toMatchObject([{ kind: 'rolled-back' }])
    expect(drives.journal(drive)?.batches).toHaveLength(2)
    expect(drives.remembered()).toMatchObject([{ batches: 3, head: heads[3] }])
    end()
  })
})
