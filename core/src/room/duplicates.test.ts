import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isDuplicateDial, keepsStanding } from './duplicates.ts'

const instance = new Uint8Array(16).fill(1)
const reloaded = new Uint8Array(16).fill(2)

describe('keepsStanding', () => {
  it('both ends keep the same one of two crossing sessions', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), (lowerMetOwnDialFirst, higherMetOwnDialFirst) => {
        // Each end has a session it dialled and one the other dialled; they complete in any order at either end.
        const kept = (weAreLower: boolean, ownFirst: boolean): 'own' | 'theirs' => {
          const own = { instance, role: 'initiator' } as const
          const theirs = { instance, role: 'responder' } as const
          const [first, second] = ownFirst ? [own, theirs] : [theirs, own]
          const stays = keepsStanding({ ...first, state: 'negotiating' }, second, weAreLower) ? first : second
          return stays === own ? 'own' : 'theirs'
        }
        expect(kept(true, lowerMetOwnDialFirst)).toBe('own')
        expect(kept(false, higherMetOwnDialFirst)).toBe('theirs')
      }),
    )
  })

  it.each(['open', 'recovering', 'closed'] as const)('prefers the new session over one that is %s', (state) => {
    expect(keepsStanding({ instance, role: 'responder', state }, { instance, role: 'initiator' }, false)).toBe(false)
  })

  it('prefers the new session of a reloaded page', () => {
    const standing = { instance, role: 'initiator', state: 'negotiating' } as const
    expect(keepsStanding(standing, { instance: reloaded, role: 'responder' }, true)).toBe(false)
  })
})

describe('isDuplicateDial', () => {
  it.each([
    ['negotiating', true],
    ['open', true],
    ['recovering', false],
    ['closed', false],
  ] as const)('a session that is %s: %s', (state, duplicate) => {
    expect(isDuplicateDial({ instance, role: 'initiator', state }, instance)).toBe(duplicate)
    expect(isDuplicateDial({ instance, role: 'initiator', state }, reloaded)).toBe(false)
    expect(isDuplicateDial(undefined, instance)).toBe(false)
  })
})
