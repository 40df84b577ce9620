import { Store, type Readable, type Undo } from '../../state/index.ts'
import type { Keeper, VaultPage } from '../vault/index.ts'

export interface SealedPorts {
  readonly keeper: Pick<Keeper, 'read' | 'write'>
  readonly locks: VaultPage['locks']
  /** Other tabs of this profile, where the browser lets tabs talk. */
  readonly tabs: Pick<BroadcastChannel, 'postMessage' | 'addEventListener' | 'removeEventListener'> | undefined
}

export interface SealedForm<T> {
  readonly slot: string
  /** What there is before anything was kept. */
  readonly initial: T
  encode(value: T): Uint8Array
  decode(bytes: Uint8Array<ArrayBuffer>): T | Promise<T>
}

/**
 * One value that outlives the page, sealed, and the same in all tabs: whoever changes it changes what is stored now, so that no tab
 * undoes what another one did. What cannot be read is never written over.
 */
export class SealedValue<T> {
  readonly #ports: SealedPorts
  readonly #form: SealedForm<T>
  readonly #value: Store<T>
  readonly #loaded: Promise<void>
  #bytes: Uint8Array<ArrayBuffer> | undefined
  /** Steps of this tab follow each other, whether or not the browser has locks. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(ports: SealedPorts, form: SealedForm<T>) {
    this.#ports = ports
    this.#form = form
    this.#value = new Store(form.initial)
    this.#loaded = this.#refresh()
    // Whoever waits for it meets the failure.
    this.#loaded.catch(() => undefined)
  }

  get value(): Readable<T> {
    return this.#value
  }

  /** @throws what the keeper or the form throws on something that cannot be read. */
  get loaded(): Promise<void> {
    return this.#loaded
  }

  /** Resolves once every step that was begun is done, well or not. */
  get settled(): Promise<void> {
    return this.#last.then(
      () => undefined,
      () => undefined,
    )
  }

  /** Follows what other tabs write, until the undo. */
  follow(): Undo {
    const heard = (event: Event): void => {
      if ((event as MessageEvent<unknown>).data !== this.#form.slot) return
      // What was readable for the other tab is readable here; if not, this tab goes on with what it knows.
      this.#inOrder(() => this.#refresh()).catch(() => undefined)
    }
    this.#ports.tabs?.addEventListener('message', heard)
    return () => this.#ports.tabs?.removeEventListener('message', heard)
  }

  /** Takes one step from the stored value. Resolves with the new one once it is safe. @throws what `step` or storage throws. */
  change(step: (value: T) => T | Promise<T>): Promise<T> {
    return this.#inOrder(() =>
      this.#alone(async () => {
        await this.#refresh()
        const before = this.#value.get()
        const after = await step(before)
        if (Object.is(after, before)) return before
        const bytes = new Uint8Array(this.#form.encode(after))
        await this.#ports.keeper.write(this.#form.slot, bytes)
        this.#bytes = bytes
        this.#value.set(after)
        this.#ports.tabs?.postMessage(this.#form.slot)
        return after
      }),
    )
  }

  #inOrder<Done>(step: () => Promise<Done>): Promise<Done> {
    const done = this.#last.then(step, step)
    this.#last = done
    return done
  }

  async #alone<Done>(step: () => Promise<Done>): Promise<Done> {
    const { locks } = this.#ports
    return locks ? locks.request(`p2pigeon.${this.#form.slot}`, step) : step()
  }

  async #refresh(): Promise<void> {
    const bytes = await this.#ports.keeper.read(this.#form.slot)
    if (!bytes || isSame(bytes, this.#bytes)) return
    this.#value.set(await this.#form.decode(bytes))
    this.#bytes = bytes
  }
}

function isSame(bytes: Uint8Array, known: Uint8Array | undefined): boolean {
  return bytes.length === known?.length && bytes.every((byte, index) => byte === known[index])
}
