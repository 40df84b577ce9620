import type { KeySource, NewKeySource, PasswordHash, VaultHeader } from '@p2pigeon/core/people'
import { Store, type Readable } from '../../../state/index.ts'
import { Fault } from '../../fault.ts'
import type { CorePorts, PeopleCore } from '../../manager.ts'
import type { BrowserKeeper } from '../browser-keeper.ts'
import type { Care } from '../care.ts'
import { toBase64url } from '../codec.ts'
import { slotNames } from '../names.ts'
import type { KnownPasskey, Passkeys } from '../passkeys.ts'
import { isWordsWrap, recoveryKey } from '../recovery-key.ts'

export interface PasskeyView {
  readonly id: string
  readonly addedAtMs: number | undefined
}

/** What opens the vault of this device. */
export interface ProtectionView {
  readonly passphrase: boolean
  readonly passkeys: readonly PasskeyView[]
  /** Rooms of version 1 know this device by a key that setting a passphrase or passkey gives up. */
  readonly oldSeed: boolean
}

/** How somebody shows that the vault is theirs. */
export type Credential = { readonly kind: 'passphrase'; readonly passphrase: string } | { readonly kind: 'passkey' }

export interface ProtectionPorts {
  readonly keeper: BrowserKeeper
  readonly care: Care
  readonly core: Pick<CorePorts, 'random' | 'loadPeople' | 'vault'>
  readonly hash: PasswordHash
  readonly passkeys: Passkeys | undefined
}

/** Sets, changes and takes away what opens the vault. Every change needs one of the keys that open it now. */
export class Protection {
  readonly #ports: ProtectionPorts
  readonly #view = new Store<ProtectionView>({ passphrase: false, passkeys: [], oldSeed: false })

  constructor(ports: ProtectionPorts) {
    this.#ports = ports
  }

  get view(): Readable<ProtectionView> {
    return this.#view
  }

  /** Reads what is stored now. @throws {Fault} `storage-unavailable` */
  async refresh(): Promise<void> {
    const { keeper, care } = this.#ports
    const header = await keeper.header()
    const added = care.value.get().passkeys
    this.#view.set({
      passphrase: header.wraps.some((wrap) => wrap.kind === 'passphrase'),
      passkeys: passkeysOf(header).map(({ credentialId }) => {
        const id = toBase64url(credentialId)
        return { id, addedAtMs: added[id] }
      }),
      oldSeed: await keeper.hasOldSeed(),
    })
  }

  /** False where the browser surely has no passkeys of the kind needed. */
  async offersPasskeys(): Promise<boolean> {
    return (await this.#ports.passkeys?.offered()) ?? false
  }

  /**
   * Opens the locked vault.
   * @throws {AuthenticationError} `vault-locked`
   * @throws {Fault} `hash-unavailable`, `passkey-cancelled`, `passkey-unsuitable`
   */
  async unlock(credential: Credential): Promise<void> {
    await this.#with(credential, (source) => this.#ports.keeper.unlock(source))
  }

  /**
   * Opens the locked vault with the person's seed, and lets a new passphrase take the place of the forgotten one. False when this vault
   * is of another seed, or was locked before it knew any.
   * @throws {UsageError} `passphrase-too-short`
   */
  async unlockWithSeed(seed: Uint8Array<ArrayBuffer>, passphrase: string): Promise<boolean> {
    const { keeper } = this.#ports
    const { source, forget } = await recoveryKey(seed)
    try {
      const header = await this.#added(await keeper.header(), source, this.#passphraseSource(passphrase))
      await keeper.unlock(source)
      await keeper.replaceHeader(header, undefined)
      return true
    } catch (error) {
      if (isLocked(error)) return false
      throw error
    } finally {
      forget()
    }
  }

  /**
   * From now on this passphrase opens the vault, beside the passkeys there are.
   * @param current needed unless nothing protects the vault yet.
   * @throws {AuthenticationError} `vault-locked` when `current` is not the present one.
   * @throws {UsageError} `passphrase-too-short`
   */
  async setPassphrase(passphrase: string, current: Credential | undefined): Promise<void> {
    await this.#protect(this.#passphraseSource(passphrase), current)
  }

  /** From now on this device's authenticator opens the vault as well. */
  async addPasskey(current: Credential | undefined): Promise<void> {
    const { passkeys, care, keeper } = this.#ports
    if (!passkeys) throw new Fault('passkey-unsuitable')
    const made = await passkeys.create(passkeysOf(await keeper.header()))
    try {
      await this.#protect({ kind: 'passkey', ...made }, current)
      const id = toBase64url(made.credentialId)
      care.change({ passkeys: { ...care.value.get().passkeys, [id]: Date.now() } })
    } finally {
      made.prfOutput.fill(0)
    }
    await this.refresh()
  }

  /** Takes the passphrase away. Without any passkey the device alone opens the vault again. */
  async removePassphrase(current: Credential): Promise<void> {
    await this.#unprotect(current, (wrap) => wrap.kind === 'passphrase')
  }

  async removePasskey(id: string, current: Credential): Promise<void> {
    await this.#unprotect(current, (wrap) => wrap.kind === 'passkey' && toBase64url(wrap.credentialId) === id)
  }

  #passphraseSource(passphrase: string): NewKeySource {
    return { kind: 'passphrase', passphrase, hash: this.#ports.hash }
  }

  async #protect(added: NewKeySource, current: Credential | undefined): Promise<void> {
    const { keeper } = this.#ports
    const people = await this.#ports.core.loadPeople()
    await this.#with(current, async (source) => {
      let header = await keeper.header()
      const seed = await keeper.read(slotNames.seed)
      if (seed) {
        const words = await recoveryKey(seed)
        header = await this.#added(header, source, words.source)
        words.forget()
        seed.fill(0)
      }
      // Last, as it may take the place of the very key that opens the vault now.
      header = await this.#added(header, source, added)
      const isDevice = header.wraps.some((wrap) => wrap.kind === 'device')
      await keeper.replaceHeader(
        isDevice ? people.removeWrap(header, ({ kind }) => kind === 'device') : header,
        undefined,
      )
    })
    await this.refresh()
  }

  async #unprotect(current: Credential, isRemoved: (wrap: VaultHeader['wraps'][number]) => boolean): Promise<void> {
    const { keeper } = this.#ports
    const people = await this.#ports.core.loadPeople()
    await this.#with(current, async (source) => {
      const header = await keeper.header()
      // Proves the present owner also where nothing would have to be unwrapped.
      await this.#ports.core.vault.openVault(this.#ports.core.random, header, source)
      const left = header.wraps.filter((wrap) => !isRemoved(wrap) && !isWordsWrap(wrap))
      if (left.length > 0) {
        await keeper.replaceHeader(people.removeWrap(header, isRemoved), undefined)
        return
      }
      const key = await people.generateDeviceKey()
      const opened = await this.#added(header, source, { kind: 'device', key })
      await keeper.replaceHeader(
        people.removeWrap(opened, ({ kind }) => kind !== 'device'),
        key,
      )
    })
    await this.refresh()
  }

  async #added(header: VaultHeader, source: KeySource, added: NewKeySource): Promise<VaultHeader> {
    const people: PeopleCore = await this.#ports.core.loadPeople()
    return people.addWrap(this.#ports.core.random, header, source, added)
  }

  /** Without a credential the key of the device is used, which is there as long as nothing protects the vault. */
  async #with<Done>(credential: Credential | undefined, run: (source: KeySource) => Promise<Done>): Promise<Done> {
    const { keeper, passkeys, hash } = this.#ports
    switch (credential?.kind) {
      case undefined: {
        await keeper.opened
        const key = await keeper.deviceKey()
        if (!key) throw new Fault('credential-needed')
        return run({ kind: 'device', key })
      }
      case 'passphrase':
        return run({ kind: 'passphrase', passphrase: credential.passphrase, hash })
      case 'passkey': {
        if (!passkeys) throw new Fault('passkey-unsuitable')
        const { credentialId, prfOutput } = await passkeys.ask(passkeysOf(await keeper.header()))
        try {
          return await run({ kind: 'passkey', credentialId, prfOutput })
        } finally {
          prfOutput.fill(0)
        }
      }
    }
  }
}

function passkeysOf(header: VaultHeader): readonly KnownPasskey[] {
  return header.wraps.flatMap((wrap) => (wrap.kind === 'passkey' && !isWordsWrap(wrap) ? [wrap] : []))
}

function isLocked(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'vault-locked'
}
