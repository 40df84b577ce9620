import { afterEach, describe, expect, it, vi } from 'vitest'
import { maxAskBytes, maxAsks } from '../../viewers/index.ts'
import { rangesOver } from '../../viewers/ranges.ts'
import { serveRanges } from './serve-ranges.ts'

const undoings: (() => void)[] = []
afterEach(() => undoings.splice(0).forEach((undo) => undo()))

function served(sizeBytes: number, read?: (start: number, end: number) => Promise<Uint8Array<ArrayBuffer>>) {
  const { port1, port2 } = new MessageChannel()
  const whole = new Uint8Array(sizeBytes).map((_, at) => at % 251)
  const file = { sizeBytes, read: vi.fn(read ?? (async (start: number, end: number) => whole.slice(start, end))) }
  undoings.push(serveRanges(port1, file), () => port2.close())
  return { port: port2, file, whole }
}

const answerTo = (port: MessagePort, ask: unknown): Promise<unknown> =>
  new Promise((resolve) => {
    port.onmessage = ({ data }) => resolve(data)
    port.postMessage(ask)
  })

describe('bytes for a frame', () => {
  it('are those of the file, also more than one answer holds', async () => {
    const { port, file, whole } = served(maxAskBytes + 10)
    const ranges = rangesOver(port)
    expect(await ranges.read(5, 8)).toEqual(whole.slice(5, 8))
    const all = await ranges.read(0, whole.length)
    expect(Buffer.from(all).equals(Buffer.from(whole))).toBe(true)
    expect(file.read).toHaveBeenCalledTimes(3)
  })

  it.each([
    { id: 1, start: -1, end: 5 },
    { id: 1, start: 0, end: 0 },
    { id: 1, start: 5, end: 4 },
    { id: 1, start: 0, end: 101 },
    { id: 1, start: 0.5, end: 5 },
    { id: 1, start: '0', end: 5 },
    { id: 1 },
  ])('are refused for %j', async (ask) => {
    const { port, file } = served(100)
    expect(await answerTo(port, ask)).toEqual({ id: 1, bytes: undefined })
    expect(file.read).not.toHaveBeenCalled()
  })

  it('are never more than a piece at a time, and the asks are bounded', async () => {
    const { port, file } = served(2 * maxAskBytes, () => new Promise(() => undefined))
    expect(await answerTo(port, { id: 1, start: 0, end: maxAskBytes + 1 })).toEqual({ id: 1, bytes: undefined })
    for (let id = 2; id < 2 + maxAsks; id++) port.postMessage({ id, start: 0, end: 1 })
    expect(await answerTo(port, { id: 99, start: 0, end: 1 })).toEqual({ id: 99, bytes: undefined })
    expect(file.read).toHaveBeenCalledTimes(maxAsks)
  })

  it('a viewer that wants more at once than is allowed waits, and fails where the file does', async () => {
    const { port, whole } = served(64)
    const ranges = rangesOver(port)
    const parts = await Promise.all(Array.from({ length: 64 }, (_, at) => ranges.read(at, at + 1)))
    expect(parts.map(([byte]) => byte)).toEqual([...whole])
    const broken = served(10, () => Promise.reject(new TypeError('gone')))
    await expect(rangesOver(broken.port).read(0, 1)).rejects.toThrow(DOMException)
  })
})
