import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../../testing/index.ts'
import type { SocketHandlers, Sockets } from '../../../runtime/index.ts'
import type { CarrierState, CarrierStream, StreamEnd } from '../../carrier.ts'
import { relayCarrier } from './relay-carrier.ts'
import { receiveWindowBytes } from './relay-session.ts'
import { decodeFrame, encodeFrame, firstRelayId, type Frame, type FrameType } from './wire/index.ts'

const road = { name: 'dht', subprotocol: 'p2pigeon-dht.1' } as const
const topic = new Uint8Array(32).fill(1)
const key = new Uint8Array(32).fill(9)
const welcome = {
  type: 'welcome',
  minors: { min: 0, max: 0 },
  network: 'local',
  keepaliveMs: 20_000,
  windowBytes: 10_000,
  maxDataBytes: 4_000,
  maxStreams: 9,
  maxAnnouncements: 9,
  maxLookups: 9,
} as const satisfies Frame
/** Draws in the middle of the range, so that no delay is spread. */
const random = { bytes: (length: number) => new Uint8Array(length).fill(127) }

/** One WebSocket as the relay sees it. */
class FakeRelaySocket {
  readonly heard: Frame[] = []
  closed = false
  readonly url: string
  readonly #handlers: SocketHandlers

  constructor(url: string, handlers: SocketHandlers) {
    this.url = url
    this.#handlers = handlers
  }

  welcome(): void {
    this.open()
    this.say(welcome)
  }

  open(): void {
    this.#handlers.opened()
  }

  say(frame: Frame): void {
    this.raw(encodeFrame(frame))
  }

  raw(message: Uint8Array<ArrayBuffer>): void {
    if (!this.closed) this.#handlers.received(message)
  }

  drop(): void {
    if (this.closed) return
    this.closed = true
    this.#handlers.closed()
  }

  /** The last frame of this type that the carrier sent. */
  last<T extends FrameType>(type: T): Extract<Frame, { type: T }> {
    const frame = this.heard.findLast((each): each is Extract<Frame, { type: T }> => each.type === type)
    if (!frame) throw new Error(`no ${type} was sent`)
    return frame
  }
}

function fail(): never {
  throw new Error('no socket was opened')
}

function setup(urls = ['ws://a', 'ws://b']) {
  const clock = new FakeClock()
  const opened: FakeRelaySocket[] = []
  const sockets: Sockets = {
    connect: (url, _, handlers) => {
      const socket = new FakeRelaySocket(url, handlers)
      opened.push(socket)
      return {
        send: (message) => socket.heard.push(decodeFrame(message)),
        bufferedBytes: 0,
        close: () => {
          socket.drop()
        },
      }
    },
  }
  const carrier = relayCarrier(road, { urls, sockets, clock, random })
  const states: CarrierState[] = []
  carrier.on('stateChanged', (state) => states.push(state))
  const socket = () => opened.at(-1) ?? fail()
  return { carrier, clock, opened, socket, states }
}

async function openStream({
  carrier,
  socket,
}: ReturnType<typeof setup>): Promise<{ stream: CarrierStream; id: number }> {
  const dialled = carrier.dial(topic, key, { signal: new AbortController().signal })
  await Promise.resolve()
  await Promise.resolve()
  const { id } = socket().last('connect')
  socket().say({ type: 'open', id })
  return { stream: await dialled, id }
}

function ending(stream: CarrierStream): { readonly ends: StreamEnd[]; readonly frames: Uint8Array[] } {
  const seen = { ends: [] as StreamEnd[], frames: [] as Uint8Array[] }
  stream.listen({ frame: (frame) => seen.frames.push(frame), ended: (end) => seen.ends.push(end) })
  return seen
}

describe('relayCarrier', () => {
  it('needs a relay', () => {
    expect(() => setup([])).toThrow(expect.objectContaining({ code: 'no-relay' }))
  })

  it('asks as soon as the socket is open, without waiting for the welcome', async () => {
    const { carrier, socket } = setup()
    carrier.announce(topic, () => undefined)
    const found = carrier.lookup(topic, { signal: new AbortController().signal })[Symbol.asyncIterator]().next()
    socket().open()
    await Promise.resolve()
    await Promise.resolve()
    expect(socket().heard.map(({ type }) => type)).toEqual(['hello', 'announce', 'lookup'])
    const { id } = socket().last('lookup')
    socket().say(welcome)
    socket().say({ type: 'peer', id, publicKey: key })
    expect(await found).toEqual({ done: false, value: key })
    expect(carrier.state).toEqual({ kind: 'ready', network: 'local' })
  })

  it('tries again soon, then ever more slowly, one relay after the other', () => {
    const { clock, opened, socket, states } = setup()
    const delays: number[] = []
    for (let attempt = 1; attempt <= 8; attempt++) {
      socket().drop()
      const state = states.at(-1)
      if (state?.kind !== 'waiting') throw new Error('not waiting')
      delays.push(state.retryInMs)
      clock.advance(state.retryInMs)
      expect(states.at(-1)).toEqual({ kind: 'connecting', attempt: attempt + 1 })
    }
    expect(delays.map((ms) => Math.round(ms / 50) * 50)).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
    expect(opened.map(({ url }) => url).slice(0, 4)).toEqual(['ws://a', 'ws://b', 'ws://a', 'ws://b'])
  })

  it('returns first to the relay that served it, and starts to count anew after a good connection', () => {
    const { clock, opened, socket, states } = setup()
    socket().welcome()
    clock.advance(5_000)
    socket().drop()
    expect(states.at(-1)).toMatchObject({ kind: 'waiting', attempt: 1 })
    clock.advance(300)
    socket().drop()
    clock.advance(600)
    expect(opened.map(({ url }) => url)).toEqual(['ws://a', 'ws://a', 'ws://b'])
  })

  it('goes to the next relay when one says that it closes', () => {
    const { clock, opened, socket } = setup()
    socket().welcome()
    socket().say({ type: 'going-away' })
    clock.advance(300)
    expect(opened.map(({ url, closed }) => [url, closed])).toEqual([
      ['ws://a', true],
      ['ws://b', false],
    ])
  })

  it('gives up a socket that opens without a welcome, or not at all', () => {
    const { clock, opened, socket } = setup()
    socket().open()
    clock.advance(10_000)
    clock.advance(300)
    clock.advance(10_000)
    expect(opened.map(({ closed }) => closed)).toEqual([true, true])
  })

  it('asks a silent relay once, and leaves it when no answer comes', () => {
    const { clock, socket, carrier } = setup()
    socket().welcome()
    clock.advance(30_000)
    expect(socket().last('ping').id).toBe(0)
    socket().say({ type: 'pong', id: 0 })
    clock.advance(10_000)
    expect(carrier.state.kind).toBe('ready')
    clock.advance(40_000)
    expect(carrier.state.kind).not.toBe('ready')
  })

  it('answers pings', () => {
    const { socket } = setup()
    socket().welcome()
    socket().say({ type: 'ping', id: 77 })
    expect(socket().last('pong').id).toBe(77)
  })

  it.each<[string, Uint8Array<ArrayBuffer>]>([
    ['nonsense', new Uint8Array([250, 1, 2])],
    ['nothing', new Uint8Array(0)],
    ['a message far too large', new Uint8Array(2 << 20)],
    ['a second welcome', encodeFrame(welcome)],
  ])('leaves a relay that sends %s', (_, message) => {
    const { socket, carrier } = setup()
    socket().welcome()
    socket().raw(message)
    expect([socket().closed, carrier.state.kind]).toEqual([true, 'waiting'])
  })

  it('leaves a relay of another minor version', () => {
    const { socket } = setup()
    socket().open()
    socket().say({ ...welcome, minors: { min: 1, max: 3 } })
    expect(socket().closed).toBe(true)
  })

  it('sends no more than it has credit for, in pieces that the relay takes', async () => {
    const world = setup()
    world.socket().welcome()
    const { stream, id } = await openStream(world)
    let taken = false
    const sending = stream.send(new Uint8Array(12_000)).then(() => (taken = true))
    const sent = () =>
      world.socket().heard.flatMap((frame) => (frame.type === 'data' && frame.id === id ? [frame.bytes.length] : []))
    expect(sent()).toEqual([4_000, 4_000, 2_000])
    await Promise.resolve()
    expect(taken).toBe(false)
    world.socket().say({ type: 'ack', id, credit: 9_000 })
    await sending
    expect(sent()).toEqual([4_000, 4_000, 2_000, 2_002])
  })

  it('waits no more for credit on a stream that has ended', async () => {
    const world = setup()
    world.socket().welcome()
    const { stream, id } = await openStream(world)
    const sending = stream.send(new Uint8Array(12_000))
    world.socket().say({ type: 'close', id })
    await sending
    await stream.send(new Uint8Array(1))
    expect(ending(stream).ends).toEqual(['remote'])
  })

  it('ends a stream whose relay ignores the window, and no other', async () => {
    const world = setup()
    world.socket().welcome()
    const { stream, id } = await openStream(world)
    const other = await openStream(world)
    const piece = new Uint8Array(receiveWindowBytes / 2).fill(1)
    for (let count = 0; count < 3; count++) world.socket().say({ type: 'data', id, bytes: piece })
    expect(ending(stream).ends).toEqual(['violation'])
    expect(world.socket().last('close').id).toBe(id)
    expect(ending(other.stream).ends).toEqual([])
  })

  it('ends a stream with an empty frame', async () => {
    const world = setup()
    world.socket().welcome()
    const { stream, id } = await openStream(world)
    const seen = ending(stream)
    world.socket().say({ type: 'data', id, bytes: new Uint8Array([0, 1, 5, 0, 0, 0, 1, 6]) })
    expect([seen.frames, seen.ends]).toEqual([[new Uint8Array([5])], ['violation']])
  })

  it('closes streams that nobody asked for, and those beyond its bound', () => {
    const { socket, carrier } = setup()
    let accepted = 0
    carrier.announce(topic, () => (accepted += 1))
    socket().welcome()
    const { id: announceId } = socket().last('announce')
    socket().say({ type: 'incoming', id: firstRelayId, announceId: 4_000 })
    expect(socket().last('close').id).toBe(firstRelayId)
    for (let count = 1; count <= 300; count++) socket().say({ type: 'incoming', id: firstRelayId + count, announceId })
    expect(accepted).toBe(256)
    expect(socket().last('close').id).toBe(firstRelayId + 300)
  })

  it('takes a bounded number of peers from one lookup', async () => {
    const { socket, carrier } = setup()
    socket().welcome()
    const found: number[] = []
    const searching = (async () => {
      for await (const address of carrier.lookup(topic, { signal: new AbortController().signal })) {
        found.push(address[0] ?? 0)
      }
    })()
    await Promise.resolve()
    await Promise.resolve()
    const { id } = socket().last('lookup')
    for (let count = 0; count < 1_000; count++) {
      const publicKey = new Uint8Array(32)
      new DataView(publicKey.buffer).setUint16(0, count)
      socket().say({ type: 'peer', id, publicKey })
    }
    socket().say({ type: 'done', id })
    await searching
    expect(found).toHaveLength(256)
  })

  it('takes back what it asked for when it is no longer wanted', async () => {
    const { socket, carrier } = setup()
    const announcement = carrier.announce(topic, () => undefined)
    socket().welcome()
    const { id } = socket().last('announce')
    socket().say({ type: 'announced', id, publicKey: key })
    expect(announcement.isOurs(key)).toBe(true)
    announcement.withdraw()
    announcement.withdraw()
    expect(socket().heard.filter(({ type }) => type === 'unannounce')).toEqual([{ type: 'unannounce', id }])
    const dialled = await carrier.dial(topic, key, { signal: new AbortController().signal })
    dialled.close()
    expect(socket().last('close').id).toBe(socket().last('connect').id)
  })

  it('sends with the request, and tells when nobody answers', async () => {
    const { socket, carrier } = setup()
    socket().welcome()
    const dialled = await carrier.dial(topic, key, { signal: new AbortController().signal })
    const { ends } = ending(dialled)
    await dialled.send(new Uint8Array([1, 2, 3]))
    const { id } = socket().last('connect')
    expect(socket().last('data').id).toBe(id)
    socket().say({ type: 'refused', id, code: 'unreachable' })
    expect(ends).toEqual(['unreachable'])
  })

  it('leaves no timer when it is closed', () => {
    for (const step of ['connecting', 'ready', 'waiting']) {
      const { clock, socket, carrier } = setup()
      if (step === 'ready') socket().welcome()
      if (step === 'waiting') socket().drop()
      carrier.close()
      expect([step, clock.pending]).toEqual([step, 0])
    }
  })
})
