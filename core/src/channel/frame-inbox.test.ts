import { describe, expect, it } from 'vitest'
import { fakeStreamPair } from '../testing/index.ts'
import { FrameInbox } from './frame-inbox.ts'
import { maxPendingBytes } from './limits.ts'

const lost = { code: 'handshake-lost' }
const frame = (length: number, fill = 0) => new Uint8Array(length).fill(fill)

function recorder(inbox: FrameInbox) {
  const seen: unknown[] = []
  const ended = new Promise<void>((resolve) => {
    inbox.forward({
      frame: (one) => seen.push(one[0]),
      ended: (end) => {
        seen.push(end)
        resolve()
      },
    })
  })
  return { seen, ended }
}

describe('FrameInbox', () => {
  it('gives frames one at a time, whether they come before or after they are asked for', async () => {
    const [near, far] = fakeStreamPair()
    const inbox = new FrameInbox(near)
    const first = inbox.next()
    far.inject(frame(300, 1))
    far.inject(frame(300, 2))
    expect(await first).toEqual(frame(300, 1))
    expect(await inbox.next()).toEqual(frame(300, 2))
  })

  it('hands over what waits, what follows and the end, in order', async () => {
    const [near, far] = fakeStreamPair()
    const inbox = new FrameInbox(near)
    for (const fill of [1, 2, 3]) far.inject(frame(300, fill))
    await inbox.next()
    const { seen, ended } = recorder(inbox)
    far.inject(frame(300, 4))
    far.close()
    await ended
    expect(seen).toEqual([2, 3, 4, 'remote'])
  })

  it('rejects when the stream has ended, now or later', async () => {
    const [near, far] = fakeStreamPair()
    const inbox = new FrameInbox(near)
    const waiting = expect(inbox.next()).rejects.toMatchObject(lost)
    far.close()
    await waiting
    await expect(inbox.next()).rejects.toMatchObject(lost)
  })

  it('B8: holds no more than its bound, and forgets it all when it is passed', async () => {
    const [near, far] = fakeStreamPair()
    const inbox = new FrameInbox(near)
    const size = 65_535
    for (let held = 0; held <= maxPendingBytes; held += size) far.inject(frame(size))
    await new Promise<void>((resolve) => {
      queueMicrotask(resolve)
    })
    expect(near.closed).toBe(true)
    expect(recorder(inbox).seen).toEqual(['violation'])
    await expect(inbox.next()).rejects.toMatchObject(lost)
  })
})
