import { once } from 'node:events'
import { WebSocket, type RawData } from 'ws'
import { textOf } from '../servers/service.ts'

/** A client that counts what comes and reads as little of it as it can: the relay shall be what is measured. */
export class CountingClient {
  readonly #socket: WebSocket
  readonly #counts = new Map<string, number>()
  #wanted: { readonly type: string; readonly count: number; done(): void } | undefined

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data: RawData) => {
      const type = textOf(data).slice(2, 6)
      this.#counts.set(type, (this.#counts.get(type) ?? 0) + 1)
      this.#look()
    })
  }

  static async connect(url: string): Promise<CountingClient> {
    const socket = new WebSocket(url, { perMessageDeflate: false })
    const client = new CountingClient(socket)
    await once(socket, 'open')
    return client
  }

  send(text: string): void {
    this.#socket.send(text)
  }

  /** Resolves when so many messages of this type have come since the last call for it, and forgets them. */
  heard(type: 'EVEN' | 'OK",' | 'EOSE', count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wanted = { type, count, done: resolve }
      this.#look()
    })
  }

  close(): void {
    this.#socket.terminate()
  }

  #look(): void {
    if (!this.#wanted) return
    const { type, count, done } = this.#wanted
    const heard = this.#counts.get(type) ?? 0
    if (heard < count) return
    this.#counts.set(type, heard - count)
    this.#wanted = undefined
    done()
  }
}
