import { describe, expect, it } from 'vitest'
import type { PeerId } from '../identity/index.ts'
import { commitment, host, peer, root } from '../testing/log-fixture.ts'
import { batchStanding, fileRightIn, mayWriteFiles, type BatchStanding } from './file-rights.ts'
import { emptyState, type LogState } from './log-state.ts'

const [cohost, editor, reader, removed, unknown, readmitted] = [peer(2), peer(3), peer(4), peer(5), peer(6), peer(7)]
const drive = 'a'.repeat(64)
const head = 'b'.repeat(64)
const cuts = new Map([[drive, [{ drive, batches: 3, head }]]])
const state: LogState = {
  ...emptyState,
  host,
  cohosts: new Set([cohost]),
  removed: new Map([
    [removed, 'removed'],
    [unknown, 'banned'],
  ]),
  fileRights: new Map([
    [cohost, { right: 'reader', cuts: new Map() }],
    [reader, { right: 'reader', cuts }],
    [removed, { right: 'editor', cuts }],
    [readmitted, { right: 'reader', cuts }],
  ]),
  fileEpoch: 2,
}
/** A drive that leads to what the cut names. */
const hashAt = (number: number): string | undefined => (number === 2 ? head : 'c'.repeat(64))
const whole = { told: 100, hashAt }

describe('rights to files', () => {
  it('are those of the role, or as set, or an editor\u2019s', () => {
    const rights = [host, cohost, editor, reader, removed].map((one) => fileRightIn(state, one))
    expect(rights).toEqual(['owner', 'owner', 'editor', 'reader', 'editor'])
    expect(fileRightIn({ ...state, cohosts: new Set() }, cohost)).toBe('reader')
  })
})

describe('a batch', () => {
  it.each<[string, ReturnType<typeof peer>, number, number, BatchStanding]>([
    ['of the host', host, 9, 2, 'counts'],
    ['of a co-host that was a reader', cohost, 9, 0, 'counts'],
    ['of somebody of whom nothing was said', editor, 9, 1, 'counts'],
    ['of a later epoch, whoever wrote it', host, 0, 3, 'epoch-unknown'],
    ['of a reader, before the cut', reader, 2, 0, 'counts'],
    ['of a reader, behind the cut', reader, 3, 0, 'cut-off'],
    ['of somebody removed, before the cut', removed, 0, 0, 'counts'],
    ['of somebody removed, behind the cut', removed, 3, 0, 'cut-off'],
    ['of somebody removed without a cut', unknown, 0, 0, 'cut-off'],
    ['of somebody who is in again, as a reader', readmitted, 3, 0, 'cut-off'],
  ])('%s', (_, author, number, epoch, standing) => {
    expect(batchStanding(state, { author, drive, number, epoch }, whole)).toBe(standing)
  })

  it('counts up to the longest of several cuts that its drive leads to', () => {
    const long = [
      { drive, batches: 3, head },
      ...[5, 9].map((batches) => ({ drive, batches, head: `${batches}`.repeat(64) })),
    ]
    const rules = new Map([[reader, { right: 'reader' as const, cuts: new Map([[drive, long]]) }]])
    const standing = (number: number) =>
      batchStanding(
        { ...state, fileRights: rules },
        { author: reader, drive, number, epoch: 0 },
        {
          told: 100,
          hashAt: (at) => (at === 4 ? '5'.repeat(64) : hashAt(at)),
        },
      )
    expect([2, 4, 5].map(standing)).toEqual(['counts', 'counts', 'cut-off'])
  })

  it('of somebody whom nobody has let in counts where no one has to be, and else up to a cut', () => {
    const second = peer(8)
    const stranger = { author: second, drive, number: 9, epoch: 2 }
    for (const entry of ['knock', 'locked'] as const) {
      const closed = { ...state, entry }
      expect(batchStanding(state, stranger, whole)).toBe('counts')
      expect(batchStanding(closed, stranger, whole)).toBe('cut-off')
      expect([mayWriteFiles(closed, second), mayWriteFiles(closed, cohost)]).toEqual([false, true])
      const known = { ...closed, fileRights: new Map([[second, { right: 'editor' as const, cuts }]]) }
      expect([2, 3].map((number) => batchStanding(known, { ...stranger, number }, whole))).toEqual([
        'counts',
        'cut-off',
      ])
      expect(batchStanding({ ...closed, allowed: new Set([second]) }, stranger, whole)).toBe('counts')
    }
  })

  it('of another drive than the cut names does not count', () => {
    const other = { author: removed, drive: 'd'.repeat(64), number: 0, epoch: 0 }
    expect(batchStanding(state, other, whole)).toBe('cut-off')
  })

  it('of a drive that does not lead to what the cut names does not count: it may have been written since', () => {
    const batch = { author: removed, drive, number: 0, epoch: 0 }
    expect(batchStanding(state, batch, { told: 100, hashAt: () => 'e'.repeat(64) })).toBe('cut-off')
    expect(batchStanding(state, batch, { told: 100, hashAt: () => undefined })).toBe('cut-off')
  })

  it('of a former epoch of which its author has not told in the room does not count, unless a cut keeps it', () => {
    const journal = { told: 1, hashAt }
    const standing = (author: ReturnType<typeof peer>, number: number, epoch = 1) =>
      batchStanding(state, { author, drive, number, epoch }, journal)
    expect([standing(editor, 0), standing(editor, 1), standing(editor, 1, 2)]).toEqual(['counts', 'untold', 'counts'])
    expect([standing(removed, 2), standing(removed, 3)]).toEqual(['counts', 'cut-off'])
  })

  it('of a former epoch of which nobody told counts if the log names its author', () => {
    const batch = { author: editor, drive, number: 5, epoch: 0 }
    const journal = { told: 0, hashAt }
    const rekey = (...members: PeerId[]) => ({ entry: root, commitment: commitment(1), members: new Set(members) })
    const standings = [
      state,
      { ...state, allowed: new Set([editor]) },
      { ...state, rekeys: [rekey(), rekey(editor)] },
      { ...state, rekeys: [rekey(editor), rekey()] },
    ].map((one) => batchStanding(one, batch, journal))
    expect(standings).toEqual(['untold', 'counts', 'counts', 'untold'])
    expect(batchStanding(state, { ...batch, author: cohost }, journal)).toBe('counts')
  })

  it('of somebody who is let in again as an editor counts', () => {
    const back = { ...state, removed: new Map() }
    expect(batchStanding(back, { author: removed, drive, number: 9, epoch: 0 }, whole)).toBe('counts')
  })
})
