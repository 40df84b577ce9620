import { Store, type Readable } from '../../../state/index.ts'
import type { Credential, Found } from '../../../session/index.ts'
import { idle, runTask, type TaskState } from '../task.ts'

export interface LockState extends TaskState {
  /** What is being tried. */
  readonly trying: Credential['kind'] | undefined
}

/** Unlocks. A wrong passphrase and a damaged vault get the same words. */
export class LockViewModel {
  readonly #unlock: (credential: Credential) => Promise<void>
  readonly #state = new Store<LockState>({ ...idle, trying: undefined })

  constructor(unlock: (credential: Credential) => Promise<void>) {
    this.#unlock = unlock
  }

  get state(): Readable<LockState> {
    return this.#state
  }

  async unlock(credential: Credential): Promise<void> {
    if (this.#state.get().busy) return
    this.#state.update((state) => ({ ...state, trying: credential.kind }))
    await runTask(this.#state, () => this.#unlock(credential))
    this.#state.update((state) => ({ ...state, trying: undefined }))
  }
}

/**
 * The way back for whoever forgot the passphrase.
 *
 * choose → find (words, file) → renew (a new passphrase) → open | lost (another identity) → start over with it
 * choose → nothing → start over
 */
export type ForgottenStep =
  | { readonly kind: 'choose' }
  | { readonly kind: 'find'; readonly way: 'words' | 'file' }
  | { readonly kind: 'renew'; readonly found: Found }
  | { readonly kind: 'lost'; readonly found: Found }
  | { readonly kind: 'nothing' }

export interface ForgottenPorts {
  /** False when this vault is of another identity. */
  unlockWithSeed(seed: Uint8Array<ArrayBuffer>, passphrase: string): Promise<boolean>
  startOver(found: Found | undefined): Promise<void>
  /** Shows what is stored now. */
  reload(): void
}

export interface ForgottenState extends TaskState {
  readonly step: ForgottenStep
  readonly tried: boolean
}

export class ForgottenViewModel {
  readonly #ports: ForgottenPorts
  readonly #state = new Store<ForgottenState>({ ...idle, step: { kind: 'choose' }, tried: false })

  constructor(ports: ForgottenPorts) {
    this.#ports = ports
  }

  get state(): Readable<ForgottenState> {
    return this.#state
  }

  go(step: ForgottenStep): void {
    this.#state.update((state) => ({ ...state, step, fault: undefined, tried: false }))
  }

  found(found: Found): void {
    this.go({ kind: 'renew', found })
  }

  /** `undefined` when the two fields are no passphrase yet. */
  async renew(passphrase: string | undefined): Promise<void> {
    const { step } = this.#state.get()
    this.#state.update((state) => ({ ...state, tried: true }))
    if (step.kind !== 'renew' || passphrase === undefined) return
    // A copy: the seed is needed again should this be another identity.
    const opened = await runTask(this.#state, () => this.#ports.unlockWithSeed(step.found.seed.slice(), passphrase))
    if (opened === false) this.go({ kind: 'lost', found: step.found })
  }

  async startOver(): Promise<void> {
    const { step } = this.#state.get()
    if (step.kind !== 'lost' && step.kind !== 'nothing') return
    const done = await runTask(this.#state, async () => {
      await this.#ports.startOver(step.kind === 'lost' ? step.found : undefined)
      return true
    })
    if (done) this.#ports.reload()
  }
}
