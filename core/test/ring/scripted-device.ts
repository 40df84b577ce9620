import { initiate, respond, type ChannelContext, type SecureChannel } from '../../src/channel/index.ts'
import { channelIdentity } from '../../src/ring/parties.ts'
import { decodeRingFrame, encodeRingFrame, type RingFrame } from '../../src/ring/ring-frame.ts'
import { ringKeys } from '../../src/ring/ring-keys.ts'
import type { Clock } from '../../src/runtime/index.ts'
import { webRandom } from '../../src/runtime/platform/index.ts'
import type { Carrier } from '../../src/signalling/index.ts'
import type { Neighbour } from './neighbour.ts'

/** A device that proves itself honestly and then says what the test makes it say. */
export class ScriptedDevice {
  readonly heard: RingFrame['kind'][] = []
  readonly channel: SecureChannel
  readonly #waiting = new Set<() => void>()
  #closed: string | undefined

  private constructor(channel: SecureChannel) {
    this.channel = channel
    channel.on('messageReceived', (message) => {
      this.heard.push(decodeRingFrame(message).kind)
      this.#wake()
    })
    channel.on('closed', (reason) => {
      this.#closed = reason
      this.#wake()
    })
  }

  /** Dials the first device that stands under the topic of `callee`. */
  static async calling(who: Neighbour, callee: Neighbour, road: { carrier: Carrier; clock: Clock }) {
    const context = await contextOf(who, callee, road.clock)
    const topic = await context.keys.topic('dht', road.clock.now())
    const { signal } = context
    for await (const address of road.carrier.lookup(topic, { signal })) {
      const channel = await initiate(await road.carrier.dial(topic, address, { signal }), context)
      return new ScriptedDevice(channel)
    }
    throw new Error('nobody stands there')
  }

  /** Stands under its owner's topic, and gives whoever dials first to `met`. */
  static async called(
    who: Neighbour,
    road: { carrier: Carrier; clock: Clock },
    met: (device: ScriptedDevice) => void,
  ): Promise<void> {
    const context = await contextOf(who, who, road.clock)
    const topic = await context.keys.topic('dht', road.clock.now())
    road.carrier.announce(topic, (stream) => {
      void respond(stream, context).then((channel) => {
        met(new ScriptedDevice(channel))
      })
    })
  }

  say(frame: RingFrame): void {
    this.channel.send(encodeRingFrame(frame))
  }

  hears(kind: RingFrame['kind']): Promise<void> {
    return this.#until(() => this.heard.includes(kind))
  }

  async closed(): Promise<string | undefined> {
    await this.#until(() => this.#closed !== undefined)
    return this.#closed
  }

  #until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!holds()) return
        this.#waiting.delete(check)
        resolve()
      }
      this.#waiting.add(check)
      check()
    })
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check()
  }
}

async function contextOf(who: Neighbour, callee: Neighbour, clock: Clock): Promise<ChannelContext> {
  return {
    keys: await ringKeys(callee.record.publicKey),
    identity: channelIdentity(who.devices[0]!),
    hello: () => who.record.bytes,
    judge: () => ({ kind: 'proceed' }),
    clock,
    random: webRandom,
    signal: new AbortController().signal,
  }
}
