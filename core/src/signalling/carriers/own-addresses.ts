import { toHex } from '../../bytes/index.ts'
import type { CarrierAddress } from '../carrier.ts'

/** Addresses remembered per carrier object; records outlive us for minutes, so old ones matter, but not for ever. */
const maxOwnAddresses = 256

/** The addresses that a carrier object announces or has announced. The oldest are forgotten first. */
export class OwnAddresses {
  readonly #names = new Set<string>()

  add(address: CarrierAddress): void {
    this.#names.add(toHex(address))
    for (const oldest of this.#names) {
      if (this.#names.size <= maxOwnAddresses) return
      this.#names.delete(oldest)
    }
  }

  has(address: CarrierAddress): boolean {
    return this.#names.has(toHex(address))
  }
}
