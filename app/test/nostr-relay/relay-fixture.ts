import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { webRandom } from '@p2pigeon/core/node'
import { FakeClock } from '@p2pigeon/core/testing'
import { finalizeEvent, generateSecretKey, getPublicKey, type Event } from 'nostr-tools'
import { expect } from 'vitest'
import { WebSocket } from 'ws'
import {
  createNostrRelay,
  everythingWelcome,
  type NostrRelay,
  type NostrRelayOptions,
} from '../../src/nostr-relay/index.ts'

export const startSeconds = 1_700_000_000

/** A text of this form, wherever one is expected. */
export function saying(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}

/** Somebody with a key, signing with a library that shares no code with the relay. */
export class Person {
  readonly secret = generateSecretKey()
  readonly key = getPublicKey(this.secret)

  signs(parts: { kind: number; tags?: string[][]; content?: string; created_at?: number }): Event {
    return finalizeEvent({ tags: [], content: '', created_at: startSeconds, ...parts }, this.secret)
  }
}

/** A wrap by a fresh key, as far as a relay can tell. */
export function wrapFor(
  recipient: Person,
  parts: { kind?: number; content?: string; created_at?: number; tags?: string[][] } = {},
): Event {
  const { tags = [], ...rest } = parts
  return new Person().signs({ kind: 1059, content: 'sealed', ...rest, tags: [['p', recipient.key], ...tags] })
}

/** A real relay behind a real HTTP server on a free port, with a clock that is moved by hand. */
export interface RelayFixture {
  readonly url: string
  readonly clock: FakeClock
  readonly relay: NostrRelay
  readonly warnings: readonly string[]
  client(): Promise<RawClient>
  close(): Promise<void>
}

export async function startNostrRelay(options: Partial<NostrRelayOptions> = {}): Promise<RelayFixture> {
  const clock = new FakeClock(startSeconds * 1_000)
  const warnings: string[] = []
  const log = { info: () => undefined, warn: (line: string) => void warnings.push(line) }
  const relay = createNostrRelay({ clock, log, file: ':memory:', policy: everythingWelcome, ...options })
  const server = createServer()
  server.on('upgrade', (request, socket, head) => {
    relay.handleUpgrade(request, socket, head)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const url = `ws://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  const clients: RawClient[] = []
  return {
    url,
    clock,
    relay,
    warnings,
    client: async () => {
      const client = await RawClient.connect(url)
      clients.push(client)
      return client
    },
    close: async () => {
      for (const { socket } of clients) socket.terminate()
      await relay.close()
      await new Promise((closed) => server.close(closed))
    },
  }
}

interface Answer {
  readonly accepted: boolean
  readonly reason: string
}

/** A socket and what has come over it. */
export class RawClient {
  readonly socket: WebSocket
  readonly closed: Promise<number>
  readonly #received: unknown[][] = []
  readonly #waiting = new Set<() => void>()
  #challenge: Promise<unknown[]> | undefined

  private constructor(socket: WebSocket) {
    this.socket = socket
    this.closed = new Promise((resolve) => socket.once('close', resolve))
    const wakeAll = (): void => {
      for (const wake of [...this.#waiting]) wake()
    }
    socket.on('error', () => undefined)
    socket.on('message', (data: Buffer) => {
      this.#received.push(JSON.parse(data.toString()) as unknown[])
      wakeAll()
    })
    socket.on('close', wakeAll)
  }

  static async connect(url: string): Promise<RawClient> {
    const client = new RawClient(new WebSocket(url))
    await once(client.socket, 'open')
    return client
  }

  say(...message: readonly unknown[]): void {
    this.socket.send(JSON.stringify(message))
  }

  /** The next message of one of these types, taken out; others stay. */
  async next(type: string | readonly string[], name?: string): Promise<unknown[]> {
    const types = [type].flat()
    for (;;) {
      const at = this.#received.findIndex(
        ([is, about]) => types.includes(String(is)) && (name === undefined || about === name),
      )
      if (at >= 0) return this.#received.splice(at, 1)[0] ?? []
      if (this.socket.readyState !== WebSocket.OPEN) throw new Error(`closed while waiting for ${types.join()}`)
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake)
          resolve()
        }
        this.#waiting.add(wake)
      })
    }
  }

  async publish(event: unknown): Promise<Answer> {
    this.say('EVENT', event)
    return this.#answer()
  }

  /** Ids of the stored events, in order. The subscription stays open. */
  async query(subscription: string, ...filters: readonly object[]): Promise<string[]> {
    this.say('REQ', subscription, ...filters)
    const ids: string[] = []
    for (;;) {
      const [type, , event] = await this.next(['EVENT', 'EOSE', 'CLOSED'], subscription)
      if (type === 'EOSE') return ids
      if (type === 'CLOSED') throw new Error(String(event))
      ids.push((event as Event).id)
    }
  }

  async prove(person: Person, relayUrl: string): Promise<Answer> {
    const challenge = String((await this.challenge())[1])
    const tags = [
      ['relay', relayUrl],
      ['challenge', challenge],
    ]
    this.say('AUTH', person.signs({ kind: 22_242, tags }))
    return this.#answer()
  }

  /** Sent once, right at the beginning. */
  challenge(): Promise<unknown[]> {
    this.#challenge ??= this.next('AUTH')
    return this.#challenge
  }

  /** All that has come and was not asked for, when the relay has answered everything said so far. */
  async settled(): Promise<unknown[][]> {
    const id = Buffer.from(webRandom.bytes(32)).toString('hex')
    this.say('EVENT', { id })
    await this.next('OK', id)
    return this.#received.splice(0)
  }

  async #answer(): Promise<Answer> {
    const [, , accepted, reason] = await this.next('OK')
    return { accepted: accepted as boolean, reason: String(reason) }
  }
}
