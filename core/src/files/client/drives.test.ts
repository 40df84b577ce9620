import { describe, expect, it } from 'vitest'
import { author, drive, folder, id, journal, master, roomId } from '../../../test/files/authors.ts'
import type { RoomIdentity } from '../../identity/index.ts'
import { Scope } from '../../lifetime/index.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { noHash, signDriveRecord, type Op } from '../journal/index.ts'
import { MasterRing } from '../keys/index.ts'
import { maxDrivesPerAuthor, maxOpsPerAuthor } from '../limits.ts'
import type { RememberedDrive } from '../memory.ts'
import { Drives } from './drives.ts'
import type { JournalPage } from './source.ts'

type Pages = (drive: string, from: number) => JournalPage

/** The drives of a room, and what was said of them. */
async function following(pages: Pages, remembered: readonly RememberedDrive[] = []) {
  const scope = new Scope()
  const drives = new Drives(
    {
      ...{ roomId, clock: new FakeClock(), masters: new MasterRing([await master(1)]) },
      source: { journal: (of, from) => Promise.resolve(pages(of, from)) },
      ...{ changed: () => undefined, grown: () => undefined },
      ...{ answered: () => undefined, reached: () => undefined },
    },
    remembered,
    undefined,
    scope,
  )
  return { drives, end: () => scope.end() }
}

/** One of them is remembered with three batches, and a node gives these. */
async function remembering(page: (batches: readonly Uint8Array<ArrayBuffer>[], from: number) => JournalPage) {
  const { batches, heads } = await journal([[folder(1)], [folder(2)], [folder(3)]])
  const { peerId } = await author(1)
  const known = { drive, author: peerId, batches: 3, head: heads[3] ?? '', record: undefined }
  const { drives, end } = await following((_, from) => page(batches, from), [known])
  await drives.refresh(drive)
  return { drives, heads, end }
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

describe('what one author may write', () => {
  it('H3: is so many drives; whoever tells of more is named, and those that are known stay', async () => {
    const { drives, end } = await following(() => ({ batches: [], length: 0 }))
    const [many, other] = await Promise.all([author(1), author(2)])
    const tell = async (by: RoomIdentity, number: number): Promise<boolean> => {
      const head = { batches: 1, head: id(1, 32) }
      return drives.tell(await signDriveRecord(by, roomId, { drive: id(number, 32), ...head }))
    }
    for (let number = 0; number < maxDrivesPerAuthor; number++) expect(await tell(many, number)).toBe(true)
    expect(drives.state().problems).toEqual([])
    expect(await tell(many, 200)).toBe(false)
    expect(await tell(other, 201)).toBe(true)
    expect(drives.state().problems).toEqual([{ by: many.peerId, kind: 'over-limit' }])
    expect(drives.keys()).toHaveLength(maxDrivesPerAuthor + 1)
    end()
  })

  it('H3: is so many ops over all drives; the drive that goes beyond is named, and what was read before is kept', async () => {
    const by = await author(1)
    const full = Array.from({ length: 2_500 }, (): Op => ({ kind: 'delete', clock: 1, node: id(1) }))
    const first = await journal(Array.from({ length: maxOpsPerAuthor / full.length - 1 }, () => full))
    const second = await journal([full, [folder(1)]], { drive: id(2, 32) })
    const pages: Pages = (of, from) => {
      const { batches } = of === drive ? first : second
      return { batches: batches.slice(from), length: batches.length }
    }
    const { drives, end } = await following(pages, [
      { drive, author: by.peerId, batches: 0, head: noHash, record: undefined },
    ])
    await drives.refresh(drive)
    drives.tell(await signDriveRecord(by, roomId, { drive: id(2, 32), batches: 2, head: second.heads[2] ?? '' }))
    await drives.refresh(id(2, 32))
    expect(drives.state().problems).toEqual([{ by: by.peerId, kind: 'over-limit' }])
    expect(drives.journal(id(2, 32))?.batches).toHaveLength(1)
    expect(drives.isWhole(drive)).toBe(true)
    end()
  }, 60_000)
})
