import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FoundMessage } from '@p2pigeon/core/chat'
import { MessageSearch, searchDelayMs } from './message-search.ts'

describe('search in messages', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('waits for the last key, and searches once', async () => {
    const search = vi.fn(() => Promise.resolve([]))
    const model = new MessageSearch(search)
    model.change('he')
    model.change('hel')
    expect(model.state.get()).toEqual({ kind: 'busy', query: 'hel' })
    await vi.advanceTimersByTimeAsync(searchDelayMs)
    expect(search.mock.calls).toEqual([['hel']])
    expect(model.state.get()).toEqual({ kind: 'found', query: 'hel', messages: [] })
  })

  it('searches at once when asked', async () => {
    const search = vi.fn(() => Promise.resolve([]))
    const model = new MessageSearch(search)
    model.change('hello')
    model.now('hello')
    await vi.advanceTimersByTimeAsync(searchDelayMs)
    expect(search).toHaveBeenCalledTimes(1)
  })

  it('lets a late answer change nothing', async () => {
    const answers: ((found: readonly FoundMessage[]) => void)[] = []
    const model = new MessageSearch(() => new Promise((resolve) => answers.push(resolve)))
    model.now('one')
    model.now('two')
    answers[0]?.([])
    await vi.advanceTimersByTimeAsync(0)
    expect(model.state.get()).toEqual({ kind: 'busy', query: 'two' })
    model.change('')
    answers[1]?.([])
    await vi.advanceTimersByTimeAsync(0)
    expect(model.state.get()).toEqual({ kind: 'idle' })
  })

  it('says that it failed, and searches for no single letter by itself', async () => {
    const model = new MessageSearch(() => Promise.reject(new TypeError('gone')))
    model.change('a')
    expect(model.state.get().kind).toBe('idle')
    model.now('a')
    await vi.advanceTimersByTimeAsync(0)
    expect(model.state.get()).toEqual({ kind: 'failed', query: 'a' })
  })
})
