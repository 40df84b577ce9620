import { expect, it, vi } from 'vitest'
import { InternalError } from '../../errors/index.ts'
import { selfTested, webRandom } from './web-random.ts'

const broken = expect.objectContaining({ code: 'random-source-broken' }) as Error

it.each([
  [
    'throws',
    () => {
      throw new Error('no entropy')
    },
  ],
  ['returns zeros', (target: Uint8Array) => target.fill(0)],
  ['returns one byte throughout', (target: Uint8Array) => target.fill(0xff)],
  ['returns the same every time', (target: Uint8Array) => target.set(target.map((_, index) => index))],
  ['returns nothing', () => {}],
] as const)('A7: a source that %s aborts before the first draw, and never draws again', (_name, fill) => {
  const mathRandom = vi.spyOn(Math, 'random')
  const random = selfTested((target) => void fill(target))
  expect(() => random.bytes(1)).toThrow(broken)
  expect(() => random.bytes(32)).toThrow(broken)
  expect(mathRandom).not.toHaveBeenCalled()
  mathRandom.mockRestore()
})

it.each(['throw', 'zeros'] as const)('A7: a source that breaks later (%s) stays broken', (fault) => {
  let isSound = true
  const random = selfTested((target) => {
    if (isSound) crypto.getRandomValues(target)
    else if (fault === 'throw') throw new Error('gone')
  })
  expect(random.bytes(16)).toHaveLength(16)
  isSound = false
  expect(() => random.bytes(16)).toThrow(broken)
  isSound = true
  expect(() => random.bytes(16)).toThrow(broken)
})

it('A7: the platform’s source is the only one, and its failure is told as ours', () => {
  const values = vi.spyOn(crypto, 'getRandomValues').mockImplementation(() => {
    throw new Error('no entropy')
  })
  try {
    const random = selfTested((target) => void crypto.getRandomValues(target))
    expect(() => random.bytes(32)).toThrow(InternalError)
  } finally {
    values.mockRestore()
  }
})

it('draws of any length differ', () => {
  expect(webRandom.bytes(0)).toHaveLength(0)
  expect(webRandom.bytes(32)).not.toEqual(webRandom.bytes(32))
  const long = webRandom.bytes(200_000)
  expect(long).toHaveLength(200_000)
  expect(new Set(long.subarray(-1000)).size).toBeGreaterThan(200)
})
