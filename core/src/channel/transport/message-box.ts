import { maxUndelivered } from '../limits.ts'

type Message = Uint8Array<ArrayBuffer>

/** Keeps messages for the first listener, in order, and passes later ones straight on. */
export class MessageBox {
  readonly #deliver: (message: Message) => void
  readonly #waiting: Message[] = []
  #state: 'keeping' | 'opening' | 'passing' = 'keeping'

  constructor(deliver: (message: Message) => void) {
    this.#deliver = deliver
  }

  /** False if there is no room: the message is lost. */
  put(message: Message): boolean {
    if (this.#state === 'passing') {
      this.#deliver(message)
      return true
    }
    if (this.#waiting.length >= maxUndelivered) return false
    this.#waiting.push(message)
    return true
  }

  /** Someone listens now. Delivery starts after the caller's own turn, so that it can finish setting up. */
  open(): void {
    if (this.#state !== 'keeping') return
    this.#state = 'opening'
    queueMicrotask(() => {
      for (let message = this.#waiting.shift(); message !== undefined; message = this.#waiting.shift()) {
        this.#deliver(message)
      }
      this.#state = 'passing'
    })
  }

  /** Forgets what waits. */
  clear(): void {
    this.#waiting.length = 0
  }
}
