import { afterEach, describe, expect, it } from 'vitest'
import { equal } from '../../../bytes/index.ts'
import { AuthenticationError, TransportError } from '../../../errors/index.ts'
import type { Octets } from '../source.ts'
import { localWork, type ObjectWork } from './object-work.ts'
import { serveWork, workOver } from './work-over.ts'

const sizeBytes = 64 * 65_536 + 1_000
const content = new Uint8Array(sizeBytes).map((_, at) => at % 251)
const named = { object: 'ab'.repeat(16), fileKey: new Uint8Array(32).map((_, at) => at), sizeBytes }
const never = new AbortController().signal
const undoings: (() => void)[] = []

afterEach(() => undoings.splice(0).forEach((undo) => undo()))

function throughPort(): ReturnType<typeof workOver> {
  const { port1, port2 } = new MessageChannel()
  port1.start()
  port2.start()
  undoings.push(() => port1.close())
  serveWork(port2)
  return workOver(port1)
}

async function sealed(work: ObjectWork) {
  const maker = await work.write(named, async (start, end) => content.slice(start, end), new Map())
  const segments = [(await maker.segment(0)).bytes, (await maker.segment(1)).bytes]
  const { hashes, root } = await maker.finish()
  maker.close()
  return { parts: new Map<number | 'hashes', Octets>([...segments.entries(), ['hashes', hashes]]), root }
}

function sourceOf(parts: ReadonlyMap<number | 'hashes', Octets>) {
  return {
    read: async (part: number | 'hashes', range: { start: number; end: number } | undefined) => {
      const bytes = parts.get(part)
      if (!bytes) throw new TransportError('object-missing', 'not here')
      return range ? bytes.slice(range.start, range.end) : bytes.slice()
    },
  }
}

describe('work in another thread', () => {
  it('makes and reads the same as here', async () => {
    const [there, here] = await Promise.all([sealed(throughPort()), sealed(localWork)])
    expect(equal(there.root, here.root)).toBe(true)
    for (const [part, bytes] of here.parts) expect(equal(there.parts.get(part) ?? new Uint8Array(), bytes)).toBe(true)
    const reader = await throughPort().open({ ...named, root: there.root }, [
      sourceOf(new Map()),
      sourceOf(there.parts),
    ])
    expect(equal(await reader.read(0, sizeBytes, never), content)).toBe(true)
    expect(equal(await reader.read(sizeBytes - 2_000, sizeBytes, never), content.subarray(-2_000))).toBe(true)
  })

  it('refuses what is not genuine with the same error, and what nobody has', async () => {
    const { parts, root } = await sealed(localWork)
    const wrong = new Map(parts).set(
      1,
      (parts.get(1) ?? new Uint8Array()).map((byte, at) => (at === 5 ? byte ^ 1 : byte)),
    )
    const reader = await throughPort().open({ ...named, root }, [sourceOf(wrong)])
    const read = reader.read(sizeBytes - 10, sizeBytes, never)
    await expect(read).rejects.toMatchObject({ code: 'object-damaged' })
    await expect(read).rejects.toBeInstanceOf(AuthenticationError)
    const none = await throughPort().open({ ...named, root }, [sourceOf(new Map())])
    await expect(none.read(0, 1, never)).rejects.toMatchObject({ code: 'object-missing' })
  })

  it('asks those who are there at each read, and tells one that it gave something else', async () => {
    const { parts, root } = await sealed(localWork)
    const lies: number[] = []
    const liar = { read: async () => new Uint8Array(32), gaveWrong: () => lies.push(1) }
    const sources: { read: ReturnType<typeof sourceOf>['read'] }[] = [liar]
    const reader = await throughPort().open({ ...named, root }, sources)
    await expect(reader.read(0, 1, never)).rejects.toMatchObject({ code: 'object-damaged' })
    sources.push(sourceOf(parts))
    expect(equal(await reader.read(0, 1, never), content.subarray(0, 1))).toBe(true)
    // Of hashes twice, then of a segment.
    expect(lies).toHaveLength(3)
  })

  it('stops reading when the signal says so', async () => {
    const stop = new AbortController()
    const waits = {
      read: (_part: unknown, _range: unknown, signal: AbortSignal) => {
        setImmediate(() => stop.abort())
        return new Promise<Octets>((_, reject) => {
          signal.addEventListener('abort', () => reject(new TransportError('node-unreachable', 'stopped')))
        })
      },
    }
    const reader = await throughPort().open({ ...named, root: new Uint8Array(32) }, [waits])
    await expect(reader.read(0, 1, stop.signal)).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('tells whoever waits that the thread is gone', async () => {
    const work = throughPort()
    const maker = await work.write(named, () => new Promise(() => undefined), new Map())
    const segment = maker.segment(0)
    work.end()
    await expect(segment).rejects.toMatchObject({ code: 'worker-lost' })
    await expect(maker.finish()).rejects.toMatchObject({ code: 'worker-lost' })
  })
})
