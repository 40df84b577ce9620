import { replicaCode, replicaSecret, type NodeStore } from '@p2pigeon/core/files'
import { slotPrefixes, type Keeper } from '../vault/index.ts'

export interface CopiesPorts {
  readonly keeper: Pick<Keeper, 'read' | 'write'>
  readonly slotId: string
  /** The user's, as an HKDF key. */
  readonly seed: CryptoKey
  readonly roomId: Uint8Array
  readonly store: Pick<NodeStore, 'tellReplicas'>
}

/** Copies of the room's files that volunteers keep, who can read nothing of them. */
export class Copies {
  readonly #ports: CopiesPorts
  readonly #signal: AbortSignal

  constructor(ports: CopiesPorts, signal: AbortSignal) {
    this.#ports = ports
    this.#signal = signal
  }

  /** Goes on telling those who were given the code in an earlier visit. @throws what the vault throws. */
  async goOn(): Promise<void> {
    if (!(await this.#ports.keeper.read(this.#slot))) return
    // A node that does not answer now is told with the next drive.
    this.#tell().catch(() => undefined)
  }

  /** The code to give to a volunteer, always the same. From now on the node tells them which drives there are. @throws what the node and the vault throw. */
  async code(): Promise<string> {
    await this.#ports.keeper.write(this.#slot, Uint8Array.of(1))
    const secret = await this.#tell()
    return replicaCode(secret)
  }

  get #slot(): string {
    return slotPrefixes.replica + this.#ports.slotId
  }

  async #tell(): Promise<Uint8Array> {
    const { seed, roomId, store } = this.#ports
    const secret = await replicaSecret(seed, roomId)
    await store.tellReplicas(secret, this.#signal)
    return secret
  }
}
