import { expect, it } from 'vitest'
import { IncomingStreams, maxIncomingStreams } from './incoming-streams.ts'

class FakeStream {
  destroyed = false
  readonly #closed: (() => void)[] = []

  on(event: string, listener: (value: never) => void): void {
    if (event === 'close') this.#closed.push(listener as () => void)
  }

  destroy(): void {
    this.destroyed = true
    for (const closed of this.#closed.splice(0)) closed()
  }
}

it('destroys streams beyond the bound until one that was admitted has closed', () => {
  const incoming = new IncomingStreams()
  const streams = Array.from({ length: maxIncomingStreams + 1 }, () => new FakeStream())
  const admitted = streams.map((stream) => incoming.admit(stream))
  expect(admitted.lastIndexOf(true)).toBe(maxIncomingStreams - 1)
  expect(streams.map(({ destroyed }) => destroyed)).toEqual(admitted.map((each) => !each))
  // The one that was refused has closed too, and frees nothing.
  expect(incoming.admit(new FakeStream())).toBe(false)
  streams[0]?.destroy()
  expect([incoming.admit(new FakeStream()), incoming.admit(new FakeStream())]).toEqual([true, false])
})
