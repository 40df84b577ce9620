import { createHash } from 'node:crypto'
import type { PassphraseParameters, PasswordHash } from '../src/vault/index.ts'

/** A password hash that costs nothing, and remembers what it was asked and what it gave. */
export class FakePasswordHash {
  readonly asked: PassphraseParameters[] = []
  readonly passphrases: Uint8Array[] = []
  readonly outputs: Uint8Array[] = []

  readonly hash: PasswordHash = (passphrase, salt, parameters) => {
    const { memoryKiB, iterations, parallelism } = parameters
    const costs = `${memoryKiB} ${iterations} ${parallelism}`
    const output = new Uint8Array(createHash('sha256').update(passphrase).update(salt).update(costs).digest())
    this.asked.push(parameters)
    this.passphrases.push(passphrase)
    this.outputs.push(output)
    return Promise.resolve(output)
  }
}
