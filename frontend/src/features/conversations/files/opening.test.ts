import { describe, expect, it } from 'vitest'
import type { Passage } from '@p2pigeon/core/chat'
import { Fault } from '../../../session/index.ts'
import { Opening } from './opening.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** A file whose coming is in the hands of the test. */
function setUp(pictureUrl: (bytes: Bytes) => string | undefined = ([first]) => `blob:${first}`) {
  const asked: { passage: Passage; come: (bytes: Bytes) => void; fail: (error: unknown) => void }[] = []
  const saved: Bytes[] = []
  const alive = new Set<string>()
  const opening = new Opening({
    open: (passage) => new Promise((come, fail) => asked.push({ passage, come, fail })),
    save: (bytes) => saved.push(bytes),
    pictureUrl: (bytes) => {
      const url = pictureUrl(bytes)
      if (url !== undefined) alive.add(url)
      return url
    },
    release: (url) => alive.delete(url),
  })
  return { opening, asked, saved, alive, state: () => opening.state.get() }
}

describe('the file of a message', () => {
  it('is fetched when it is asked for, and saved as it is', async () => {
    const { opening, asked, saved, state } = setUp()
    expect(asked).toHaveLength(0)
    const done = opening.save()
    asked[0]?.passage.progress?.(0.4)
    expect(state().work).toEqual({ kind: 'loading', purpose: 'save', part: 0.4 })
    asked[0]?.come(new Uint8Array([7]))
    await done
    expect(saved).toEqual([new Uint8Array([7])])
    expect(state()).toEqual({ work: { kind: 'idle' }, picture: undefined })
  })

  it('is shown as a picture, whose address is given back at the end', async () => {
    const { opening, asked, alive, state } = setUp()
    const done = opening.show()
    asked[0]?.come(new Uint8Array([1]))
    await done
    expect(state().picture).toBe('blob:1')
    opening.end()
    expect([state().picture, alive.size]).toEqual([undefined, 0])
  })

  it('gives the address of an earlier picture back, and of one that cannot be drawn', async () => {
    const { opening, asked, alive, state } = setUp()
    for (const first of [1, 2]) {
      const done = opening.show()
      asked.at(-1)?.come(new Uint8Array([first]))
      await done
    }
    expect([...alive]).toEqual(['blob:2'])
    opening.broken()
    expect(alive.size).toBe(0)
    expect(state()).toEqual({ work: { kind: 'failed', code: 'no-picture' }, picture: undefined })
  })

  it('is not shown when it is no picture', async () => {
    const { opening, asked, state } = setUp(() => undefined)
    const done = opening.show()
    asked[0]?.come(new Uint8Array([1]))
    await done
    expect(state()).toEqual({ work: { kind: 'failed', code: 'no-picture' }, picture: undefined })
  })

  it('says why it cannot be had, and can be asked for again', async () => {
    const { opening, asked, saved, state } = setUp()
    const failed = opening.save()
    asked[0]?.fail(new Fault('file-damaged'))
    await failed
    expect(state().work).toEqual({ kind: 'failed', code: 'file-damaged' })
    const done = opening.save()
    asked[1]?.come(new Uint8Array([9]))
    await done
    expect(saved).toHaveLength(1)
  })

  it('comes too late once it is stopped', async () => {
    const { opening, asked, saved, state } = setUp()
    const stopped = opening.save()
    opening.stop()
    expect(asked[0]?.passage.signal?.aborted).toBe(true)
    asked[0]?.passage.progress?.(0.9)
    asked[0]?.come(new Uint8Array([1]))
    await stopped
    expect([saved.length, state().work]).toEqual([0, { kind: 'idle' }])
    const failing = opening.save()
    opening.stop()
    asked[1]?.fail(new Fault('http-failed'))
    await failing
    expect(state().work).toEqual({ kind: 'idle' })
  })

  it('makes no address after its end', async () => {
    const { opening, asked, alive } = setUp()
    const done = opening.show()
    opening.end()
    asked[0]?.come(new Uint8Array([1]))
    await done
    expect(alive.size).toBe(0)
  })
})
