import { inspect } from 'node:util'

const shown = '[redacted]'

/**
 * Holds a key, a credential, an address or a room link. Every way to turn it into text gives `[redacted]`; the one way
 * to the value is `reveal()`, which a reviewer can search for.
 */
export class Redacted<T> {
  readonly #value: T

  constructor(value: T) {
    this.#value = value
  }

  reveal(): T {
    return this.#value
  }

  toString(): string {
    return shown
  }

  toJSON(): string {
    return shown
  }

  [Symbol.toPrimitive](): string {
    return shown
  }

  [inspect.custom](): string {
    return shown
  }
}
