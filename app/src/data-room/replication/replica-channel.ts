import type { PearChannel, PearConnection } from '../pear/index.ts'
import {
  encodeDrives,
  parseDrives,
  provesReplica,
  replicaProof,
  replicaTopic,
  type ReplicaRole,
} from './replica-proof.ts'

const protocol = 'p2pigeon/replica/1'

/** The rest of a message as it is. */
const octets = {
  preencode: (state: { end: number }, value: Uint8Array): void => {
    state.end += value.length
  },
  encode: (state: { start: number; buffer: Uint8Array }, value: Uint8Array): void => {
    state.buffer.set(value, state.start)
    state.start += value.length
  },
  decode: (state: { start: number; end: number; buffer: Uint8Array }): Uint8Array => {
    const value = state.buffer.slice(state.start, state.end)
    state.start = state.end
    return value
  },
}

export interface ReplicaTalk {
  readonly secret: Buffer
  readonly role: ReplicaRole
  /** What a member's node tells; empty for a replica. */
  drives(): readonly string[]
  /** What a replica was told, by an end that proved the secret. */
  named(drives: readonly string[]): void
}

/**
 * The conversation of a member's node with a replica over one connection: proofs both ways, then the names of drives. It stays open, and names are told again
 * when there are more. Whoever does not know the secret does not know the id of the channel either, so it does not open.
 */
export class ReplicaChannel {
  readonly #channel: PearChannel | undefined
  readonly #talk: ReplicaTalk
  readonly #connection: PearConnection
  #state: 'opening' | 'proved' | 'closed' = 'opening'

  constructor(connection: PearConnection, talk: ReplicaTalk) {
    this.#talk = talk
    this.#connection = connection
    const { secret, role } = talk
    this.#channel =
      connection.userData?.createChannel({
        protocol,
        id: replicaTopic(secret),
        messages: [
          {
            encoding: octets,
            onmessage: (proof) => {
              this.#prove(proof)
            },
          },
          {
            encoding: octets,
            onmessage: (drives) => {
              this.#listen(drives)
            },
          },
        ],
        onopen: () => {
          this.#channel?.messages[0]?.send(replicaProof(secret, role, connection.handshakeHash))
        },
        onclose: () => {
          this.#state = 'closed'
        },
      }) ?? undefined
    this.#channel?.open()
  }

  /** Tells which drives to follow, if the other end is known to be a replica. */
  tell(): void {
    const drives = this.#talk.drives()
    if (this.#state === 'proved' && drives.length > 0) this.#channel?.messages[1]?.send(encodeDrives(drives))
  }

  close(): void {
    if (this.#state !== 'closed') this.#channel?.close()
  }

  #prove(proof: Uint8Array): void {
    const { secret, role } = this.#talk
    const { handshakeHash } = this.#connection
    // Two members who look for the same replica meet, and have nothing to tell each other.
    if (provesReplica(proof, secret, role, handshakeHash)) return
    if (!provesReplica(proof, secret, role === 'member' ? 'replica' : 'member', handshakeHash)) {
      this.close()
      return
    }
    this.#state = 'proved'
    this.tell()
  }

  #listen(bytes: Uint8Array): void {
    const drives = parseDrives(bytes)
    if (this.#state !== 'proved' || this.#talk.role !== 'replica' || drives === undefined) this.close()
    else this.#talk.named(drives)
  }
}
