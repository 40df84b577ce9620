import { describe, expect, it } from 'vitest'
import { equal } from '../../bytes/index.ts'
import { CodecError, TransportError } from '../../errors/index.ts'
import { Scope } from '../../lifetime/index.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { fakeDirectPair } from '../../testing/fake-direct-channel.ts'
import type { ByteRange, Octets, Part, Source } from '../client/index.ts'
import { BlockCipher, rootOf } from '../objects/blocks.ts'
import { blockBytes, segmentBytes } from '../limits.ts'
import { layoutOf, loadBlake3, ObjectReader, ObjectWriter, type ObjectSource } from '../objects/index.ts'
import { DirectAsker } from './asker.ts'
import {
  answerWithinMs,
  fastDrainMs,
  longPieceBytes,
  looksAtSilence,
  maxAskedBytes,
  maxRequestsPerPeer,
  maxServesInAll,
  minBytesPerSecond,
  pieceBytes,
  restMs,
  silentAfterMs,
} from './limits.ts'
import { DirectServer, ServePlaces } from './server.ts'
import { answerHeadBytes, decodeQuestion, encodeAnswer, encodeQuestion } from './wire.ts'

const drive = 'ab'.repeat(32)
const object = 'cd'.repeat(16)
/** How much later than that a silent member is noticed. */
const lookMs = silentAfterMs / looksAtSilence
const never = new AbortController().signal
const missing = { code: 'object-missing' }

type Parts = Map<Part, Octets>

/** What a device has of one object. */
function lentOf(parts: Parts): Pick<Source, 'read'> {
  return {
    read: async (_drive, asked, part, range) => {
      const bytes = parts.get(part)
      if (asked !== object || !bytes) throw new TransportError('object-missing', 'not here')
      return range ? bytes.slice(range.start, range.end) : bytes.slice()
    },
  }
}

function noise(length: number): Octets {
  return new Uint8Array(length).map((_, at) => (at * 31 + (at >> 8)) & 0xff)
}

function pair(lent: Pick<Source, 'read'> | undefined, { isIn = true, places = new ServePlaces() } = {}) {
  const [here, there] = fakeDirectPair()
  const clock = new FakeClock()
  const scope = new Scope()
  const standing = { isIn }
  const server = new DirectServer(there, { clock, lent: () => lent, isIn: () => standing.isIn, places })
  const asker = new DirectAsker({ clock, open: () => Promise.resolve(here) }, scope)
  return { here, there, clock, scope, asker, server, standing }
}

/** Resolves once all that can happen without time has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
}

describe('objects from browser to browser', () => {
  it('gives parts and ranges whole, of every length around a piece', async () => {
    for (const length of [
      1,
      pieceBytes - 1,
      pieceBytes,
      pieceBytes + 1,
      longPieceBytes,
      longPieceBytes + 1,
      5 * pieceBytes + 7,
    ]) {
      const content = noise(length)
      const { asker } = pair(
        lentOf(
          new Map<Part, Octets>([
            [3, content],
            ['hashes', content],
          ]),
        ),
      )
      expect(equal(await asker.read(drive, object, 3, undefined, never), content)).toBe(true)
      expect(equal(await asker.read(drive, object, 'hashes', { start: 0, end: length }, never), content)).toBe(true)
    }
  })

  it('says the same of what is not there, what it may not give, and what fails', async () => {
    const parts = new Map([[0, noise(10)]])
    await expect(pair(lentOf(parts)).asker.read(drive, object, 1, undefined, never)).rejects.toMatchObject(missing)
    await expect(pair(undefined).asker.read(drive, object, 0, undefined, never)).rejects.toMatchObject(missing)
    const outside = pair(lentOf(parts), { isIn: false })
    await expect(outside.asker.read(drive, object, 0, undefined, never)).rejects.toMatchObject(missing)
    outside.standing.isIn = true
    expect(await outside.asker.read(drive, object, 0, undefined, never)).toHaveLength(10)
    const short = pair(lentOf(parts)).asker.read(drive, object, 0, { start: 0, end: 11 }, never)
    await expect(short).rejects.toMatchObject(missing)
    const empty = pair(lentOf(new Map([[0, noise(0)]])))
    await expect(empty.asker.read(drive, object, 0, undefined, never)).rejects.toMatchObject(missing)
  })

  it('opens nothing before the first request, and nothing twice', async () => {
    const [here, there] = fakeDirectPair()
    new DirectServer(there, {
      clock: new FakeClock(),
      lent: () => lentOf(new Map([[0, noise(10)]])),
      isIn: () => true,
      places: new ServePlaces(),
    })
    let opened = 0
    const open = async () => {
      opened += 1
      return here
    }
    const asker = new DirectAsker({ clock: new FakeClock(), open }, new Scope())
    expect(opened).toBe(0)
    await Promise.all([0, 1].map(() => asker.read(drive, object, 0, undefined, never)))
    expect(opened).toBe(1)
  })

  it('gives up a silent member, lets it rest, and asks it again', async () => {
    const { asker, clock, here, there } = pair(lentOf(new Map([[0, noise(3 * pieceBytes)]])))
    there.isHeld = true
    const read = asker.read(drive, object, 0, undefined, never)
    await settled()
    // Each piece begins the wait anew.
    clock.advance(silentAfterMs - 1)
    await there.let(1)
    clock.advance(silentAfterMs - 1)
    await settled()
    expect(here.sent).toHaveLength(1)
    clock.advance(lookMs)
    await expect(read).rejects.toMatchObject(missing)
    // It was told to stop.
    expect(here.sent).toHaveLength(2)
    there.isHeld = false
    await there.let(2)
    await settled()
    await expect(asker.read(drive, object, 0, undefined, never)).rejects.toMatchObject(missing)
    clock.advance(restMs)
    expect(await asker.read(drive, object, 0, undefined, never)).toHaveLength(3 * pieceBytes)
    expect(clock.pending).toBe(0)
  })

  it('sends first what has least to go, and takes nobody for silent who sends something else', async () => {
    const parts = new Map([0, 1].map((part) => [part, noise(10 * pieceBytes)]))
    const { asker, there, clock } = pair(lentOf(parts))
    there.isHeld = true
    const order: string[] = []
    const read = (name: string, part: number, range?: ByteRange): Promise<number> =>
      asker.read(drive, object, part, range, never).then(() => order.push(name))
    const reads = [read('first', 0), read('second', 1)]
    await settled()
    reads.push(read('short', 1, { start: 0, end: 2 * pieceBytes }))
    await settled()
    for (let turn = 0; turn < 30; turn++) {
      clock.advance(silentAfterMs - 1)
      await there.let(1)
    }
    await Promise.all(reads)
    expect(order).toEqual(['short', 'first', 'second'])
  })

  it('gives long pieces on a fast way, and short ones again when it becomes slow', async () => {
    const { asker, there, clock } = pair(lentOf(new Map([[0, noise(4_000_000)]])))
    there.isHeld = true
    const read = asker.read(drive, object, 0, undefined, never)
    await settled()
    const lengthsAfter = async (drainMs: number): Promise<readonly number[]> => {
      const before = there.sent.length
      for (let turn = 0; turn < 10; turn++) {
        clock.advance(drainMs)
        await there.let(1)
        await settled()
      }
      return there.sent.slice(before).map(({ length }) => length - answerHeadBytes)
    }
    expect(new Set(there.sent.map(({ length }) => length - answerHeadBytes))).toEqual(new Set([pieceBytes]))
    expect(new Set(await lengthsAfter(fastDrainMs))).toEqual(new Set([longPieceBytes]))
    expect(new Set(await lengthsAfter(fastDrainMs + 1))).toEqual(new Set([pieceBytes]))
    // How fast it is, is not known of a channel that takes everything at once.
    expect(new Set(await lengthsAfter(0))).toEqual(new Set([pieceBytes]))
    there.isHeld = false
    await there.let(1)
    expect(equal(await read, noise(4_000_000))).toBe(true)
  })

  it('gives up a member that drips', async () => {
    const length = 16 * pieceBytes
    const { asker, clock, there } = pair(lentOf(new Map([[0, noise(length)]])))
    there.isHeld = true
    const state = { isOver: false }
    const over = (): void => {
      state.isOver = true
    }
    const read = asker.read(drive, object, 0, { start: 0, end: length }, never)
    read.then(over, over)
    await settled()
    let passedMs = 0
    while (!state.isOver) {
      clock.advance(silentAfterMs / 2)
      passedMs += silentAfterMs / 2
      await there.let(1)
    }
    await expect(read).rejects.toMatchObject(missing)
    expect(passedMs).toBeLessThanOrEqual(silentAfterMs * 1.5 + (length / minBytesPerSecond) * 1_000)
  })

  it('asks no more at a time than the bound says, and tells the next source at once', async () => {
    const { asker, there } = pair(lentOf(new Map([[0, noise(10)]])))
    there.isHeld = true
    const reads = Array.from({ length: maxRequestsPerPeer }, () => asker.read(drive, object, 0, undefined, never))
    await expect(asker.read(drive, object, 0, undefined, never)).rejects.toMatchObject(missing)
    there.isHeld = false
    await settled()
    await there.let(maxRequestsPerPeer)
    expect(await Promise.all(reads)).toHaveLength(maxRequestsPerPeer)
  })

  it('stops sending what nobody wants any more', async () => {
    const { asker, there } = pair(lentOf(new Map([[0, noise(100 * pieceBytes)]])))
    there.isHeld = true
    const stop = new AbortController()
    const read = asker.read(drive, object, 0, undefined, stop.signal)
    await settled()
    stop.abort()
    await expect(read).rejects.toMatchObject({ name: 'AbortError' })
    await settled()
    await there.let(10)
    const before = there.sent.length
    expect(before).toBeLessThan(10)
    there.isHeld = false
    expect(await asker.read(drive, object, 0, { start: 0, end: 5 }, never)).toHaveLength(5)
    expect(there.sent).toHaveLength(before + 1)
  })

  it('says that it has not what its own node does not bring in time', async () => {
    let stopped = false
    const away = {
      read: (...[, , , , signal]: Parameters<Source['read']>) =>
        new Promise<Octets>((_, reject) => {
          signal.addEventListener('abort', () => {
            stopped = true
            reject(new TransportError('node-unreachable', 'away'))
          })
        }),
    }
    const { asker, clock } = pair(away)
    const read = asker.read(drive, object, 0, undefined, never)
    await settled()
    clock.advance(answerWithinMs)
    await expect(read).rejects.toMatchObject(missing)
    expect([stopped, clock.pending]).toEqual([true, 0])
    // It was not silent, so it is asked again at once.
    const again = asker.read(drive, object, 0, undefined, never)
    await settled()
    expect(clock.pending).toBeGreaterThan(0)
    clock.advance(answerWithinMs)
    await expect(again).rejects.toMatchObject(missing)
  })

  it('serves no more at a time than the bounds say, one member and all', async () => {
    const places = new ServePlaces()
    let reading = 0
    const slow = {
      read: (...[, , , , signal]: Parameters<Source['read']>) =>
        new Promise<Octets>((_, reject) => {
          reading += 1
          signal.addEventListener('abort', () => reject(new TransportError('object-missing', 'stopped')))
        }),
    }
    const pairs = Array.from({ length: maxServesInAll / maxRequestsPerPeer + 1 }, () => pair(slow, { places }))
    for (const { here } of pairs) {
      for (let request = 0; request <= maxRequestsPerPeer; request++) {
        here.send(encodeQuestion({ kind: 'ask', request, drive, object, part: 0, range: undefined }))
      }
    }
    await settled()
    expect(reading).toBe(maxServesInAll)
    // The session with one ends, and its places are free for the next one.
    pairs[0]?.there.close()
    await settled()
    const last = pairs.at(-1)
    last?.here.send(encodeQuestion({ kind: 'ask', request: 9, drive, object, part: 0, range: undefined }))
    await settled()
    expect(reading).toBe(maxServesInAll + 1)
  })

  it('ends the session with whoever breaks the rules', async () => {
    const content = new Map([[0, noise(10)]])
    const says = async (answers: readonly Octets[]) => {
      const [here, there] = fakeDirectPair()
      const asker = new DirectAsker({ clock: new FakeClock(), open: () => Promise.resolve(here) }, new Scope())
      const read = asker.read(drive, object, 0, { start: 0, end: 10 }, never)
      read.catch(() => undefined)
      await settled()
      for (const answer of answers) there.send(answer.slice())
      await settled()
      return { fault: here.fault, read }
    }
    const last = encodeAnswer({ kind: 'last', request: 1, bytes: noise(10) })
    expect((await says([last])).fault).toBeUndefined()
    const wrong: readonly (readonly Octets[])[] = [
      [encodeAnswer({ kind: 'last', request: 7, bytes: noise(10) })],
      [encodeAnswer({ kind: 'last', request: 1, bytes: noise(11) })],
      [encodeAnswer({ kind: 'piece', request: 1, bytes: noise(pieceBytes) })],
      [encodeAnswer({ kind: 'piece', request: 1, bytes: noise(9) })],
      [last, last],
      [new Uint8Array([9])],
    ]
    for (const answers of wrong) expect((await says(answers)).fault).toBeInstanceOf(CodecError)
    await expect((await says([new Uint8Array([9])])).read).rejects.toMatchObject(missing)

    const { here, there } = pair(lentOf(content))
    there.isHeld = true
    const ask = encodeQuestion({ kind: 'ask', request: 1, drive, object, part: 0, range: undefined })
    const slow = pair({ read: () => new Promise(() => undefined) })
    slow.here.send(ask)
    slow.here.send(ask)
    here.send(new Uint8Array([0, 1]))
    await settled()
    expect(slow.there.fault).toBeInstanceOf(CodecError)
    expect(there.fault).toBeInstanceOf(CodecError)
  })

  it('is over with the session, and leaves no timer', async () => {
    const { asker, there, clock, scope } = pair(lentOf(new Map([[0, noise(10)]])))
    there.isHeld = true
    const read = asker.read(drive, object, 0, undefined, never)
    await settled()
    there.close()
    await expect(read).rejects.toMatchObject(missing)
    await expect(asker.read(drive, object, 0, undefined, never)).rejects.toMatchObject(missing)
    scope.end()
    expect(clock.pending).toBe(0)
  })
})

describe('a reader of a file', () => {
  const sizeBytes = 2 * 4_194_304 + 100_000
  const content = noise(sizeBytes)

  async function sealed() {
    const layout = layoutOf(sizeBytes)
    const blake3 = await loadBlake3()
    const fileKey = noise(32)
    const writer = await ObjectWriter.open({ object, fileKey, layout, blake3 }, async (start, end) =>
      content.slice(start, end),
    )
    const parts: Parts = new Map()
    for await (const { index, bytes } of writer.segments()) parts.set(index, bytes)
    const { hashes, root } = writer.finish()
    parts.set('hashes', hashes)
    const open = (sources: readonly ObjectSource[]) =>
      ObjectReader.open({ object, fileKey, layout, root, blake3, sources })
    return { parts, open }
  }

  function near(asker: DirectAsker): ObjectSource {
    return {
      read: (part, range, signal) => asker.read(drive, object, part, range, signal),
      gaveWrong: () => asker.gaveWrong(drive, object),
    }
  }

  /** The node, and what was asked of it. */
  function node(parts: Parts) {
    const asked: (readonly [Part, ByteRange | undefined])[] = []
    const read: ObjectSource['read'] = async (part, range, signal) => {
      asked.push([part, range])
      return lentOf(parts).read(drive, object, part, range, signal)
    }
    return { asked, read }
  }

  it('asks a member, and the node for nothing', async () => {
    const { parts, open } = await sealed()
    const last = node(parts)
    const reader = await open([near(pair(lentOf(parts)).asker), last])
    expect(equal(await reader.read(0, sizeBytes, never), content)).toBe(true)
    expect(last.asked).toEqual([])
  })

  it('asks for the hashes of a large file in ranges that a member gives', async () => {
    const layout = layoutOf(2_100 * segmentBytes)
    const blake3 = await loadBlake3()
    const fileKey = noise(32)
    const block = await (await BlockCipher.of(fileKey, object, layout)).seal(0, content.subarray(0, blockBytes))
    const hashes = noise(layout.blocks * 32)
    hashes.set(blake3.hash(block))
    const { asker, here } = pair(
      lentOf(
        new Map<Part, Octets>([
          [0, block],
          ['hashes', hashes],
        ]),
      ),
    )
    const root = rootOf(blake3, object, hashes)
    const reader = await ObjectReader.open({ object, fileKey, layout, root, blake3, sources: [near(asker)] })
    expect(equal(await reader.read(0, 100, never), content.subarray(0, 100))).toBe(true)
    const asked = here.sent.map((question) => decodeQuestion(question))
    expect(asked.map((question) => question.kind === 'ask' && [question.part, question.range])).toEqual([
      ['hashes', { start: 0, end: maxAskedBytes }],
      ['hashes', { start: maxAskedBytes, end: hashes.length }],
      [0, { start: 0, end: blockBytes + 16 }],
    ])
  })

  it('finds a member out that lies, and does not ask it for that file again', async () => {
    const { parts, open } = await sealed()
    const wrong = new Map(parts)
    const second = new Uint8Array(parts.get(1) ?? [])
    second[1_000_000] = (second[1_000_000] ?? 0) ^ 1
    wrong.set(1, second)
    const { asker, here } = pair(lentOf(wrong))
    const last = node(parts)
    const reader = await open([near(asker), last])
    expect(equal(await reader.read(0, sizeBytes, never), content)).toBe(true)
    // The hashes and the first segment were right; the second one was not, and the third one it is not asked for.
    expect(here.sent).toHaveLength(3)
    expect(last.asked.map(([part]) => part)).toEqual([1, 2])
    const again = await open([near(asker), last])
    expect(equal(await again.read(5, 100, never), content.subarray(5, 100))).toBe(true)
    expect(here.sent).toHaveLength(3)
  })

  it('goes on with the node when a member stalls in the middle', async () => {
    const { parts, open } = await sealed()
    const { asker, there, clock } = pair(lentOf(parts))
    const last = node(parts)
    const reader = await open([near(asker), last])
    expect(await reader.read(0, 10, never)).toHaveLength(10)
    there.isHeld = true
    const read = reader.read(0, sizeBytes, never)
    await settled()
    await there.let(20)
    clock.advance(silentAfterMs + lookMs)
    expect(equal(await read, content)).toBe(true)
    expect(last.asked.map(([part]) => part)).toEqual([0, 1, 2])
  })

  it('goes on with the node when a member leaves in the middle', async () => {
    const { parts, open } = await sealed()
    const { asker, there } = pair(lentOf(parts))
    const last = node(parts)
    const reader = await open([near(asker), last])
    expect(await reader.read(0, 4_194_304, never)).toHaveLength(4_194_304)
    there.isHeld = true
    const read = reader.read(4_194_304, sizeBytes, never)
    await settled()
    await there.let(20)
    there.close()
    expect(equal(await read, content.subarray(4_194_304))).toBe(true)
    expect(last.asked.map(([part]) => part)).toEqual([1, 2])
  })

  it('says that the node does not answer rather than that a member lies, and that it lies if the node has nothing', async () => {
    const { parts, open } = await sealed()
    const wrong = new Map(parts).set('hashes', noise(32))
    const away = { read: () => Promise.reject(new TransportError('node-unreachable', 'away')) }
    const first = await open([near(pair(lentOf(wrong)).asker), away])
    await expect(first.read(0, 1, never)).rejects.toMatchObject({ code: 'node-unreachable' })
    const second = await open([near(pair(lentOf(wrong)).asker), node(new Map())])
    await expect(second.read(0, 1, never)).rejects.toMatchObject({ code: 'object-damaged' })
  })

  it('gets the hashes also when whoever asked for them first wants them no more', async () => {
    const { parts, open } = await sealed()
    const stop = new AbortController()
    const source: ObjectSource = {
      read: (part, range, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(new TransportError('object-missing', 'stopped')))
          setImmediate(() => void lentOf(parts).read(drive, object, part, range, signal).then(resolve, reject))
        }),
    }
    const reader = await open([source])
    const first = reader.read(0, 10, stop.signal)
    const second = reader.read(0, 10, never)
    stop.abort()
    await expect(first).rejects.toMatchObject({ name: 'AbortError' })
    expect(equal(await second, content.subarray(0, 10))).toBe(true)
  })
})
