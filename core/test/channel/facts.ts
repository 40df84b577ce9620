import { vi } from 'vitest'
import type { ChannelRole, CloseReason, SecureChannel } from '../../src/channel/index.ts'
import { Envelope } from '../../src/channel/envelope.ts'
import { initiate, respond } from '../../src/channel/connect.ts'
import { standardLimits, type TransportLimits } from '../../src/channel/limits.ts'
import { fakeStreamPair, RoomFixture, type FakeStream } from '../../src/testing/index.ts'

/** Two ends of one channel and the hostile road between them. */
export interface Pair {
  readonly room: RoomFixture
  readonly initiator: SecureChannel
  readonly responder: SecureChannel
  readonly dialler: FakeStream
  readonly acceptor: FakeStream
}

export async function connectedPair(limits: Partial<TransportLimits> = {}): Promise<Pair> {
  const room = await RoomFixture.create()
  const [dialler, acceptor] = fakeStreamPair()
  const all = { ...standardLimits, ...limits }
  const [initiator, responder] = await Promise.all([
    initiate(dialler, await room.member(), undefined, all),
    respond(acceptor, await room.member(), all),
  ])
  await initiator.proven
  return { room, initiator, responder, dialler, acceptor }
}

export function closedReason(channel: SecureChannel): Promise<CloseReason> {
  return new Promise((resolve) => channel.on('closed', resolve))
}

/** Sends a message in a frame of its own: what is sent at once would share one. */
export async function sendAlone(channel: SecureChannel, stream: FakeStream, message: Uint8Array): Promise<void> {
  const before = stream.sent.length
  channel.send(message)
  await vi.waitUntil(() => stream.sent.length > before)
}

/** Collects messages; `until(count)` resolves with all of them once there are so many. */
export function collect(channel: SecureChannel) {
  const messages: Uint8Array[] = []
  let check = (): void => undefined
  channel.on('messageReceived', (message) => {
    messages.push(message)
    check()
  })
  return {
    messages,
    until: (count: number) =>
      new Promise<readonly Uint8Array[]>((resolve) => {
        check = () => {
          if (messages.length >= count) resolve(messages)
        }
        check()
      }),
  }
}

/**
 * A member who runs the carrier: opens the envelope of frame `index` of `stream`, lets `change` alter what is inside and
 * seals it again, so that only Noise is left to notice. Other frames pass, in order.
 */
export function alterInside(
  stream: FakeStream,
  room: RoomFixture,
  role: ChannelRole,
  index: number,
  change: (content: Uint8Array<ArrayBuffer>) => Uint8Array,
): void {
  let tail = Promise.resolve()
  stream.intercept = (frame, at) => {
    tail = tail.then(async () => {
      stream.inject(at === index ? await altered(frame) : frame)
    })
    return []
  }
  async function altered(frame: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const { random } = await room.member()
    const outward = await Envelope.of(stream, room.keys, random, role)
    const inward = await Envelope.of(stream, room.keys, random, role === 'initiator' ? 'responder' : 'initiator')
    return outward.seal(change(await inward.open(frame)))
  }
}

export function flip(bytes: Uint8Array, at: number): Uint8Array<ArrayBuffer> {
  if (at >= bytes.length) throw new RangeError('nothing to flip there')
  const flipped = new Uint8Array(bytes)
  flipped[at] = (flipped[at] ?? 0) ^ 1
  return flipped
}
