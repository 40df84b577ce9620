/** Values pushed from outside, read as an async sequence that ends or fails once. The pusher bounds how many there are. */
export class Inbox<T> {
  readonly #values: T[] = []
  #over: { readonly error?: unknown } | undefined
  #wake: () => void = () => undefined

  push(value: T): void {
    if (this.#over) return
    this.#values.push(value)
    this.#wake()
  }

  end(): void {
    this.#over ??= {}
    this.#wake()
  }

  fail(error: unknown): void {
    this.#over ??= { error }
    this.#wake()
  }

  async *read(): AsyncGenerator<T, void, void> {
    for (;;) {
      const value = this.#values.shift()
      if (value !== undefined) yield value
      else if (this.#over) {
        if ('error' in this.#over) throw this.#over.error
        return
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
  }
}
