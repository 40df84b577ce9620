import { describe, expect, it } from 'vitest'
import { author, drive, folder, id, journal, master, roomId } from '../../../test/files/authors.ts'
import { peerIdOf, type RoomIdentity } from '../../identity/index.ts'
import { Scope } from '../../lifetime/index.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { noHash, signDriveRecord, type DriveRecord, type Op } from '../journal/index.ts'
import { MasterRing } from '../keys/index.ts'
import { maxDrivesPerAuthor, maxOpsPerAuthor, maxRememberedDrives } from '../limits.ts'
import type { RememberedDrive } from '../memory.ts'
import { Drives } from './drives.ts'
import type { JournalPage } from './source.ts'

type Pages = (drive: string, from: number) => JournalPage | Promise<JournalPage>

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

describe('a drive that this device writes', () => {
  it('takes a batch once where the answer to a question that was under way brings it, too', async () => {
    const { batches } = await journal([[folder(1)], [folder(2)]])
    let answer: (page: JournalPage) => void = () => undefined
    const { drives, end } = await following(() => new Promise((resolve) => (answer = resolve)))
    drives.adopt(drive, (await author(1)).peerId)
    const appended = batches.map((bytes, number) => drives.appended(drive, number, bytes))
    await Promise.resolve()
    answer({ batches: batches.slice(0, 1), length: 1 })
    await Promise.all(appended)
    expect(drives.head(drive).batches).toBe(2)
    expect(drives.isWhole(drive)).toBe(true)
    end()
  })
})

describe('a drive that this device has left', () => {
  it('counts as far as others were told of it, as it does for them', async () => {
    const { batches, heads } = await journal([[folder(1)], [folder(2)]])
    const { drives, end } = await following((_, from) => ({ batches: batches.slice(from), length: 2 }))
    const by = await author(1)
    drives.adopt(drive, by.peerId)
    await drives.refresh(drive)
    expect(drives.journal(drive)?.told).toBe(2)
    drives.abandon(drive)
    expect(drives.journal(drive)?.told).toBe(0)
    drives.tell(await signDriveRecord(by, roomId, { drive, batches: 1, head: heads[1] ?? '' }))
    expect(drives.journal(drive)?.told).toBe(1)
    end()
  })
})

describe('drives that nobody brings', () => {
  it('keep no other one waiting, however many there are', async () => {
    const { batches, heads } = await journal([[folder(1)], [folder(2)]])
    const by = await author(1)
    const known = { drive, author: by.peerId, batches: 1, head: heads[1] ?? '', record: undefined }
    const dead = Array.from({ length: 8 }, (_, at): RememberedDrive => ({
      ...{ drive: id(at, 32), author: by.peerId, batches: 0, head: noHash, record: undefined },
    }))
    const { drives, end } = await following(
      (of, from) => (of === drive ? { batches: batches.slice(from), length: 2 } : new Promise(() => undefined)),
      [...dead, known],
    )
    await expect.poll(() => drives.head(drive).batches).toBe(2)
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

describe('a drive that others claim', () => {
  /** What anybody can sign of anybody's drive. */
  const claim = (by: number, batches: number, of = drive): DriveRecord => {
    const bytes = new Uint8Array(32).map((_, at) => (at < 4 ? by >> (8 * at) : 1))
    return { author: peerIdOf(bytes), drive: of, batches, head: id(batches & 0xff, 32), bytes: new Uint8Array(0) }
  }

  async function claimed() {
    const { batches, heads } = await journal([[folder(1)], [folder(2)], [folder(3)]])
    const { drives, end } = await following((_, from) => ({ batches: batches.slice(from), length: 3 }))
    const record = await signDriveRecord(await author(1), roomId, { drive, batches: 3, head: heads[3] ?? '' })
    return { drives, end, record }
  }

  it('H12: is its author’s, however many have claimed it before, and what they signed of it counts', async () => {
    const { drives, end, record } = await claimed()
    for (let by = 0; by < 600; by++) drives.tell(claim(by, 2))
    for (let batches = 4; batches < 40; batches++) drives.tell(claim(0, batches))
    expect(drives.tell(record)).toBe(true)
    await drives.refresh(drive)
    expect(drives.records()).toEqual([record])
    expect(drives.state()).toEqual({ pending: 0, problems: [] })
    // From now on nobody else is heard of it.
    expect(drives.tell(claim(700, 50))).toBe(false)
    end()
  })

  it('H12: is not named for what others have signed twice', async () => {
    const { drives, end, record } = await claimed()
    drives.tell(claim(1, 2))
    drives.tell({ ...claim(1, 2), head: id(0xee, 32) })
    drives.tell(record)
    await drives.refresh(drive)
    expect(drives.state().problems).toEqual([])
    drives.tell({ ...record, head: id(0xee, 32) })
    expect(drives.state().problems).toEqual([{ by: record.author, kind: 'rolled-back' }])
    end()
  })

  it('H12: has a place also where somebody told of as many as are remembered, and of nothing in them', async () => {
    const nothing = { batches: [], length: 0 }
    const { batches, heads } = await journal([[folder(1)]])
    const { drives, end } = await following((of) => (of === drive ? { batches, length: 1 } : nothing))
    const of = (number: number): string => number.toString(16).padStart(64, '0')
    for (let number = 0; number < maxRememberedDrives; number++) {
      expect(drives.tell(claim(number >> 6, 1, of(number)))).toBe(true)
    }
    expect(drives.keys()).toHaveLength(maxRememberedDrives)
    const record = await signDriveRecord(await author(1), roomId, { drive, batches: 1, head: heads[1] ?? '' })
    expect(drives.tell(record)).toBe(true)
    await drives.refresh(drive)
    expect(drives.keys()).toHaveLength(maxRememberedDrives)
    expect(drives.records()).toEqual([record])
    for (let number = 5_000; number < 5_100; number++) drives.tell(claim(number, 1, of(number)))
    expect(drives.keys()).toContain(drive)
    end()
  })
})
