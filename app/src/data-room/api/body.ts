import type { IncomingMessage } from 'node:http'
import type { Clock } from '@p2pigeon/core/node'
import type { AddressShares } from '../access/index.ts'
import { Refusal } from '../refusal.ts'

/** What is asked of a body before any of it is read. */
export interface BodyRules {
  readonly maxBytes: number
  /** Whose memory it takes, and out of which. */
  readonly address: string
  readonly memory: AddressShares
}

/** Reads bodies into memory, of which each address has a share: a body that is not whole never reaches the store. */
export class Bodies {
  readonly #bodyMs: number
  readonly #clock: Clock
  #received = 0

  constructor(bodyMs: number, clock: Clock) {
    this.#bodyMs = bodyMs
    this.#clock = clock
  }

  /** Bytes of whole bodies since the start. */
  get received(): number {
    return this.#received
  }

  /**
   * Reads the body and gives it to `use`, which may keep it for as long as it takes.
   * @throws {Refusal} `length-missing`, `body-size`, `busy`, `body-slow`, `body-truncated`, whatever `use` throws.
   */
  async with<T>(
    request: IncomingMessage,
    { maxBytes, address, memory }: BodyRules,
    use: (body: Buffer) => Promise<T>,
  ): Promise<T> {
    const text = request.headers['content-length']
    if (text === undefined || !/^\d{1,12}$/.test(text)) throw new Refusal('length-missing')
    const length = Number(text)
    if (length > maxBytes) throw new Refusal('body-size')
    const giveBack = memory.take(address, length)
    if (giveBack === undefined) throw new Refusal('busy')
    try {
      const body = await this.#read(request, length)
      this.#received += length
      return await use(body)
    } finally {
      giveBack()
    }
  }

  #read(request: IncomingMessage, length: number): Promise<Buffer> {
    // Not pooled: the database keeps the pieces until they are written.
    const body = Buffer.allocUnsafeSlow(length)
    let at = 0
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        cancel()
        request.off('data', onData).off('end', onEnd).off('close', onLost).off('error', onLost)
        settle()
      }
      const onData = (piece: Buffer): void => {
        at += piece.copy(body, at)
      }
      // The parser of HTTP lets no more through than the length says.
      const onEnd = (): void => {
        end(() => {
          if (at === length) resolve(body)
          else reject(new Refusal('body-truncated'))
        })
      }
      const onLost = (): void => {
        end(() => {
          reject(new Refusal('body-truncated'))
        })
      }
      const cancel = this.#clock.after(this.#bodyMs, () => {
        end(() => {
          reject(new Refusal('body-slow'))
        })
      })
      request.on('data', onData).once('end', onEnd).once('close', onLost).once('error', onLost)
    })
  }
}
