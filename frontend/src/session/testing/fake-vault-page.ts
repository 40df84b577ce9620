import type { PasswordHash } from '@p2pigeon/core/people'
import type { PasskeyAnswer, Passkeys, VaultPage } from '../vault/index.ts'
import { FakeFault } from './fake-fault.ts'

/** Behaves like Argon2id, but for its cost: SHA-256 of salt and passphrase. */
export const quickHash: PasswordHash = async (passphrase, salt) => {
  const whole = new Uint8Array(salt.length + passphrase.length)
  whole.set(salt)
  whole.set(passphrase, salt.length)
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole))
}

/** An authenticator whose owner always agrees, until `refuse` is set. */
export class FakePasskeys implements Passkeys {
  refuse: string | undefined
  offers = true
  #made = 0

  offered(): Promise<boolean> {
    return Promise.resolve(this.offers)
  }

  create(): Promise<PasskeyAnswer> {
    const credentialId = new Uint8Array(16).fill(++this.#made)
    return this.#answer({ credentialId, prfSalt: new Uint8Array(32).fill(7) })
  }

  ask(known: readonly Pick<PasskeyAnswer, 'credentialId' | 'prfSalt'>[]): Promise<PasskeyAnswer> {
    const [first] = known
    if (!first) return Promise.reject(new FakeFault('passkey-unsuitable'))
    return this.#answer(first)
  }

  async #answer({ credentialId, prfSalt }: Pick<PasskeyAnswer, 'credentialId' | 'prfSalt'>): Promise<PasskeyAnswer> {
    if (this.refuse !== undefined) throw new FakeFault(this.refuse)
    return { credentialId, prfSalt, prfOutput: await quickHash(new Uint8Array(credentialId), prfSalt, noCost) }
  }
}

const noCost = { memoryKiB: 0, iterations: 0, parallelism: 0 }

/** The vault's side of a page, without other tabs. */
export function fakeVaultPage(part: Partial<VaultPage> = {}): VaultPage {
  return {
    hash: quickHash,
    passkeys: new FakePasskeys(),
    deviceName: 'Chrome on Linux',
    tabs: undefined,
    locks: undefined,
    ...part,
  }
}
