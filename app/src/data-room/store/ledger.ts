import { Refusal } from '../refusal.ts'

/** Bytes kept, in all and by each key that may write. */
export class Ledger {
  readonly #quotaBytes: number
  readonly #quotaAllBytes: number
  readonly #byKey = new Map<string, number>()
  #all = 0

  constructor({ quotaBytes, quotaAllBytes }: { readonly quotaBytes: number; readonly quotaAllBytes: number }) {
    this.#quotaBytes = quotaBytes
    this.#quotaAllBytes = quotaAllBytes
  }

  get all(): number {
    return this.#all
  }

  get full(): boolean {
    return this.#all >= this.#quotaAllBytes
  }

  get quotaBytes(): number {
    return this.#quotaBytes
  }

  of(key: string): number {
    return this.#byKey.get(key) ?? 0
  }

  /** Without a key: for drives that are followed. @throws {Refusal} `quota-key`, `quota-all` when so many bytes more are too many. */
  admit(key: string | undefined, bytes: number): void {
    if (key !== undefined && this.of(key) + bytes > this.#quotaBytes) throw new Refusal('quota-key')
    if (this.#all + bytes > this.#quotaAllBytes) throw new Refusal('quota-all')
  }

  /** Counts bytes that came, or went when negative; without a key, those of drives that are followed. */
  add(key: string | undefined, bytes: number): void {
    this.#all = Math.max(0, this.#all + bytes)
    if (key !== undefined) this.#byKey.set(key, Math.max(0, this.of(key) + bytes))
  }

  clear(): void {
    this.#all = 0
    this.#byKey.clear()
  }
}
