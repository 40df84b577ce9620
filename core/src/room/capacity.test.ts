import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeNewcomer, type Contender } from './capacity.ts'

const contender = (peerId: string, joinedAtMs: number, settled = false): Contender => ({ peerId, joinedAtMs, settled })

describe('judgeNewcomer', () => {
  it('admits while there are places', () => {
    expect(judgeNewcomer(contender('x', 5), [contender('a', 1)], 2)).toEqual({ kind: 'admit' })
  })

  it('is full when everyone is settled, whatever the newcomer claims', () => {
    const members = [contender('a', 1, true), contender('b', 2, true)]
    expect(judgeNewcomer(contender('x', 0), members, 2)).toEqual({ kind: 'full' })
  })

  it('lets a member return to a full room', () => {
    const members = [contender('a', 1, true), contender('b', 2, true)]
    expect(judgeNewcomer(contender('b', 9), members, 2)).toEqual({ kind: 'admit' })
  })

  it('keeps the same one of two that arrive at once, whichever a member met first', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), (joinedX, joinedY) => {
        const settled = [contender('a', 1, true)]
        const x = contender('x', joinedX)
        const y = contender('y', joinedY)
        const metXFirst = judgeNewcomer(y, [...settled, x], 2)
        const metYFirst = judgeNewcomer(x, [...settled, y], 2)
        const keepsX = metXFirst.kind === 'full'
        expect(metYFirst).toEqual(keepsX ? { kind: 'admitInstead', of: 'y' } : { kind: 'full' })
      }),
    )
  })
})
