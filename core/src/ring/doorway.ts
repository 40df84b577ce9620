import { toHex } from '../bytes/index.ts'
import { HandshakeGate, respond, type RemoteParty, type SecureChannel, type Verdict } from '../channel/index.ts'
import { AuthenticationError } from '../errors/index.ts'
import type { IdentityRecord, RoomIdentity } from '../identity/index.ts'
import type { Scope } from '../lifetime/index.ts'
import type { RoomKeys } from '../link/index.ts'
import type { Clock, Random } from '../runtime/index.ts'
import type { CarrierStream } from '../signalling/index.ts'
import type { Asking } from './incoming.ts'
import { handshakeRate } from './limits.ts'
import { Line } from './line.ts'
import { TokenBucket } from './token-bucket.ts'

export interface DoorwayPorts {
  readonly keys: RoomKeys
  /** This device, as the channel's identity. */
  readonly identity: RoomIdentity
  readonly record: () => IdentityRecord
  readonly clock: Clock
  readonly random: Random
  readonly scope: Scope
  /** The person behind the other end, if they may be heard; undefined for silence. */
  admit(remote: RemoteParty): Promise<IdentityRecord | undefined>
  /** Somebody who was admitted has proven itself and asks for a call. */
  asked(asking: Asking): void
  /** The same, to send messages. */
  talks(from: IdentityRecord, channel: SecureChannel): void
}

/** Answers streams under our ring topic. Whoever may not be heard, floods and liars end here, in silence. */
export class Doorway {
  readonly #ports: DoorwayPorts
  readonly #gate: HandshakeGate
  readonly #handshakes: TokenBucket

  constructor(ports: DoorwayPorts) {
    this.#ports = ports
    this.#gate = new HandshakeGate(ports.clock)
    this.#handshakes = new TokenBucket(ports.clock, handshakeRate)
  }

  /** Resolves when the caller has asked or is gone; a place of the gate is held as long. */
  async accept(stream: CarrierStream): Promise<void> {
    const attempt = this.#ports.scope.child()
    const leave = this.#handshakes.open
      ? this.#gate.enter(stream.carrier, () => {
          attempt.end()
        })
      : undefined
    if (leave === undefined) {
      attempt.end()
      stream.close()
      return
    }
    this.#handshakes.take()
    try {
      await this.#answer(stream, attempt)
    } catch {
      // Whoever could not prove itself gets no answer, and there is nobody to tell.
    } finally {
      leave()
      attempt.end()
    }
  }

  async #answer(stream: CarrierStream, attempt: Scope): Promise<void> {
    const { keys, identity, record, clock, random } = this.#ports
    let from: IdentityRecord | undefined
    const channel = await respond(stream, {
      keys,
      identity,
      hello: () => record().bytes,
      judge: async (remote): Promise<Verdict> => {
        from = await this.#ports.admit(remote)
        // Not a verdict, which would be told: whoever is refused here must not learn that it was heard.
        if (from === undefined) throw new AuthenticationError('caller-refused', 'this caller is not heard')
        return { kind: 'proceed' }
      },
      clock,
      random,
      signal: attempt.signal,
    })
    if (from !== undefined) await this.#ask(channel, from, attempt)
  }

  #ask(channel: SecureChannel, from: IdentityRecord, attempt: Scope): Promise<void> {
    const line = new Line(channel)
    const device = toHex(channel.remote.publicKey)
    return new Promise((resolve) => {
      const forget = attempt.onEnd(() => {
        line.hangUp('timeout')
        resolve()
      })
      line.listen({
        heard: (frame) => {
          forget()
          if (frame.kind === 'ring') this.#ports.asked({ from, device, name: frame.name, video: frame.video, line })
          else if (frame.kind === 'talk') this.#ports.talks(from, line.release())
          else line.hangUp('violation')
          resolve()
        },
        lost: () => {
          resolve()
        },
      })
    })
  }
}
