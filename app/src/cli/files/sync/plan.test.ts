import fc from 'fast-check'
import { expect, it } from 'vitest'
import { planSync, type BaseFile, type LocalFile, type RoomFile, type Step } from './plan.ts'

const before: BaseFile = { sizeBytes: 3, modifiedAtMs: 5, object: 'a' }
const other = { sizeBytes: 3, modifiedAtMs: 6 }

function stepFor(base?: BaseFile, local?: LocalFile, room?: RoomFile, deletes = false): Step | undefined {
  // One more file on each side, so that neither has lost everything.
  const map = <Value>(value: Value | undefined, more: Value): Map<string, Value> =>
    new Map(
      value === undefined
        ? [['more', more]]
        : [
            ['more', more],
            ['file', value],
          ],
    )
  return planSync(
    { base: map(base, before), local: map(local, before), room: map(room, before), hidden: new Set() },
    deletes,
  ).get('file')
}

interface Row {
  readonly what: string
  readonly base?: BaseFile
  readonly local?: LocalFile
  readonly room?: RoomFile
  readonly plain?: Step['kind']
  readonly deleting?: Step['kind']
}

const changed = { object: 'b' }
const same = { object: 'a' }
const both = (kind: Step['kind']) => ({ plain: kind, deleting: kind })

it.each<Row>([
  { what: 'same on both sides', base: before, local: before, room: same },
  { what: 'new here', local: other, ...both('upload') },
  { what: 'new there', room: changed, ...both('download') },
  { what: 'new on both sides', local: other, room: changed, ...both('compare') },
  { what: 'changed here', base: before, local: other, room: same, ...both('upload') },
  { what: 'changed there', base: before, local: before, room: changed, ...both('download') },
  { what: 'changed on both sides', base: before, local: other, room: changed, ...both('compare') },
  { what: 'deleted here', base: before, room: same, plain: 'leave', deleting: 'delete-there' },
  { what: 'deleted there', base: before, local: before, plain: 'leave', deleting: 'delete-here' },
  { what: 'changed here, deleted there', base: before, local: other, ...both('upload') },
  { what: 'deleted here, changed there', base: before, room: changed, ...both('download') },
  { what: 'deleted on both sides', base: before, ...both('forget') },
])('$what', ({ base, local, room, plain, deleting }) => {
  expect(stepFor(base, local, room)?.kind).toBe(plain)
  expect(stepFor(base, local, room, true)?.kind).toBe(deleting)
})

it('deletes nothing for the sake of a side that has lost everything', () => {
  const base = new Map([['file', before]])
  const none = new Map<string, never>()
  expect(
    planSync({ base, local: new Map([['file', before]]), room: none, hidden: new Set() }, true).get('file')?.kind,
  ).toBe('leave')
  expect(
    planSync({ base, local: none, room: new Map([['file', before]]), hidden: new Set() }, true).get('file')?.kind,
  ).toBe('leave')
})

it.each([['docs'], ['docs/plan.txt']])(
  'deletes nothing there for the sake of %s, which is here and hidden',
  (hidden) => {
    const sides = {
      base: new Map([['docs/plan.txt', before]]),
      local: new Map([['more', before]]),
      room: new Map([['docs/plan.txt', before]]),
    }
    const stepWith = (set: Set<string>) => planSync({ ...sides, hidden: set }, true).get('docs/plan.txt')?.kind
    expect(stepWith(new Set([hidden]))).toBe('leave')
    expect(stepWith(new Set(['doc', 'docs/plan']))).toBe('delete-there')
  },
)

it('never plans to lose a change, whatever the three pictures are', () => {
  const name = fc.constantFrom<string>('a', 'b', 'c')
  const file = fc.record({
    sizeBytes: fc.nat(1),
    modifiedAtMs: fc.nat(1),
    object: fc.constantFrom('x', 'y'),
  })
  const side = fc.array(fc.tuple(name, file)).map((entries) => new Map(entries))
  fc.assert(
    fc.property(side, side, side, fc.boolean(), (base, local, room, deletes) => {
      for (const [key, { kind }] of planSync({ base, local, room, hidden: new Set() }, deletes)) {
        const was = base.get(key)
        const here = local.get(key)
        const isNewHere = here && (here.sizeBytes !== was?.sizeBytes || here.modifiedAtMs !== was.modifiedAtMs)
        const isNewThere = room.has(key) && room.get(key)?.object !== was?.object
        if (isNewHere) expect(['upload', 'compare']).toContain(kind)
        if (isNewThere) expect(['download', 'compare']).toContain(kind)
        if (kind.startsWith('delete')) expect(deletes).toBe(true)
      }
    }),
  )
})
