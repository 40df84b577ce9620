import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { webRandom } from '../runtime/platform/index.ts'
import { maxFrameBytes } from '../signalling/index.ts'
import { fakeStreamPair, RoomFixture } from '../testing/index.ts'
import { Envelope, isFrameSize } from './envelope.ts'
import { maxEnvelopeBytes, minFrameBytes, padPrefixBytes } from './limits.ts'

const genuine = { name: 'AuthenticationError', code: 'open-failed' }

async function ends(topic = new Uint8Array(32), room?: RoomFixture) {
  const { keys } = room ?? (await RoomFixture.create())
  const [dialler, acceptor] = fakeStreamPair(topic)
  return [
    await Envelope.of(dialler, keys, webRandom, 'initiator'),
    await Envelope.of(acceptor, keys, webRandom, 'responder'),
  ] as const
}

describe('Envelope', () => {
  it('gives back any content, in frames a carrier takes, and never the same frame twice', async () => {
    const [dialler, acceptor] = await ends()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (content) => {
        const frame = await dialler.seal(content)
        expect(isFrameSize(frame.length)).toBe(true)
        expect(await acceptor.open(frame)).toEqual(Uint8Array.from(content))
        expect(await dialler.seal(content)).not.toEqual(frame)
      }),
      { numRuns: 50 },
    )
  })

  it('fits its largest content into the largest frame exactly, and the empty one into the smallest', async () => {
    const [dialler, acceptor] = await ends()
    const largest = new Uint8Array(maxEnvelopeBytes - padPrefixBytes).fill(1)
    const frame = await dialler.seal(largest)
    expect(frame).toHaveLength(maxFrameBytes)
    expect(await acceptor.open(frame)).toEqual(largest)
    expect(await dialler.seal(new Uint8Array(0))).toHaveLength(minFrameBytes)
    await expect(dialler.seal(new Uint8Array(largest.length + 1))).rejects.toMatchObject({ code: 'too-long' })
  })

  it('B5: does not open what it sealed itself', async () => {
    for (const end of await ends()) {
      await expect(end.open(await end.seal(new Uint8Array(1)))).rejects.toMatchObject(genuine)
    }
  })

  it('C7: opens under the topic it was sealed for only', async () => {
    const room = await RoomFixture.create()
    const [today] = await ends(new Uint8Array(32).fill(1), room)
    const [, tomorrow] = await ends(new Uint8Array(32).fill(2), room)
    await expect(tomorrow.open(await today.seal(new Uint8Array(1)))).rejects.toMatchObject(genuine)
  })

  it('B3: opens with the key of the same room only', async () => {
    const [[ours], [, theirs]] = [await ends(), await ends()]
    await expect(theirs.open(await ours.seal(new Uint8Array(1)))).rejects.toMatchObject(genuine)
  })

  it('C2: refuses a frame with any byte changed', async () => {
    const [dialler, acceptor] = await ends()
    const frame = await dialler.seal(new Uint8Array(3))
    for (let at = 0; at < frame.length; at++) {
      const changed = frame.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      await expect(acceptor.open(changed)).rejects.toMatchObject(genuine)
    }
  })

  it('B8: refuses sizes that no frame has without opening them', async () => {
    const [, acceptor] = await ends()
    for (const length of [0, 27, minFrameBytes - 1, maxFrameBytes + 1]) {
      await expect(acceptor.open(new Uint8Array(length))).rejects.toMatchObject({ code: 'frame-size' })
    }
  })
})
