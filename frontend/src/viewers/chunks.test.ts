import { describe, expect, it, vi } from 'vitest'
import { chunkBytes, inChunks } from './chunks.ts'

function source(sizeBytes: number) {
  const whole = new Uint8Array(sizeBytes).map((_, at) => (at * 31) % 251)
  const read = vi.fn(async (start: number, end: number) => whole.slice(start, end))
  return { whole, read, chunked: inChunks({ read }, sizeBytes) }
}

describe('reads in chunks', () => {
  it.each([
    [0, 1],
    [chunkBytes - 1, chunkBytes + 1],
    [5, 2 * chunkBytes + 7],
    [2 * chunkBytes, 2 * chunkBytes + 100],
  ])('give the bytes from %i to %i', async (start, end) => {
    const { whole, chunked } = source(2 * chunkBytes + 100)
    expect(Buffer.from(await chunked.read(start, end)).equals(Buffer.from(whole.subarray(start, end)))).toBe(true)
  })

  it('ask once for what is close together, and again for what could not be had', async () => {
    const { read, chunked } = source(chunkBytes)
    read.mockRejectedValueOnce(new TypeError('gone'))
    await expect(chunked.read(0, 4)).rejects.toThrow('gone')
    for (let at = 0; at < 100; at += 4) await chunked.read(at, at + 4)
    expect(read.mock.calls).toEqual([
      [0, chunkBytes],
      [0, chunkBytes],
    ])
  })

  it('keep no more than so many', async () => {
    const { read, chunked } = source(40 * chunkBytes)
    for (let number = 0; number < 40; number++) await chunked.read(number * chunkBytes, number * chunkBytes + 1)
    await chunked.read(39 * chunkBytes, 39 * chunkBytes + 1)
    expect(read).toHaveBeenCalledTimes(40)
    await chunked.read(0, 1)
    expect(read).toHaveBeenCalledTimes(41)
  })
})
