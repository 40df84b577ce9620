import { describe, expect, it } from 'vitest'
import { Scope } from '../../lifetime/index.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { Turns } from './turns.ts'

type Answer = (one: string) => Promise<boolean | undefined>

/** Things whose names begin with `seen` were seen. What is read, in its order. */
function turning(answer: Answer) {
  const clock = new FakeClock()
  const scope = new Scope()
  const read: string[] = []
  const turns = new Turns<string>(
    {
      clock,
      isSeen: (one) => one.startsWith('seen'),
      read: (one) => {
        read.push(one)
        return answer(one)
      },
    },
    scope,
  )
  /** All that follows from what was said or from so much time. */
  const settle = async (ms = 0): Promise<void> => {
    for (let left = ms; left > 0; left -= 1_000) {
      clock.advance(1_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { turns, read, settle, end: () => scope.end() }
}

const names = (kind: string, count: number): string[] => Array.from({ length: count }, (_, at) => `${kind} ${at}`)
const nothing = (): Promise<boolean> => Promise.resolve(false)

describe('what is read in turns', () => {
  it('is not kept waiting by what nobody answers for', async () => {
    const { turns, read, settle, end } = turning((one) => (one === 'seen' ? nothing() : new Promise(() => undefined)))
    for (const one of [...names('unseen', 10), 'seen']) turns.hurry(one)
    await settle()
    expect(read).toContain('seen')
    expect(read).toHaveLength(3)
    end()
  })

  it('is, where nobody has seen it, what was told last', async () => {
    const { turns, read, settle, end } = turning(nothing)
    for (const one of [...names('unseen', 400), 'honest']) turns.hurry(one)
    await settle()
    expect(read[0]).toBe('honest')
    end()
  })

  it('is asked for once a minute where very much was told that nobody has', async () => {
    const { turns, read, settle, end } = turning(nothing)
    for (const one of names('unseen', 400)) turns.hurry(one)
    await settle()
    expect(new Set(read).size).toBe(192)
    await settle(600_000)
    expect(new Set(read).size).toBeGreaterThan(195)
    expect(new Set(read).size).toBeLessThanOrEqual(203)
    // And what comes now is next.
    turns.hurry('honest')
    await settle(65_000)
    expect(read).toContain('honest')
    end()
  })

  it('is read rarely while nothing changes, and soon where something has', async () => {
    const { turns, read, settle, end } = turning((one) => Promise.resolve(one === 'seen and busy'))
    for (const one of [...names('seen', 2_000), 'seen and busy']) turns.hurry(one)
    await settle(300_000)
    const before = read.length
    await settle(300_000)
    expect((read.length - before) / 300).toBeLessThan(25)
    expect(read.slice(before).filter((one) => one === 'seen and busy').length).toBeGreaterThanOrEqual(59)
    turns.hurry('seen 7')
    await settle()
    expect(read.at(-1)).toBe('seen 7')
    end()
  })

  it('is read again when it is hurried while it is read, and not at all once it was dropped', async () => {
    let answer: (isNew: boolean) => void = () => undefined
    const { turns, read, settle, end } = turning(() => new Promise((resolve) => (answer = resolve)))
    turns.hurry('seen')
    await settle()
    turns.hurry('seen')
    await settle()
    expect(read).toHaveLength(1)
    answer(false)
    await settle()
    expect(read).toHaveLength(2)
    turns.drop('seen')
    answer(false)
    await settle(60_000)
    expect(read).toHaveLength(2)
    end()
  })
})
