import type { Page } from '@playwright/test'

/** Everything that went wrong in one page: uncaught errors, errors on the console, violations of the page's policy. */
export class Faults {
  readonly #seen: string[] = []
  readonly #expected: RegExp[] = []

  watch(page: Page): void {
    page.on('pageerror', (error) => this.#seen.push(`uncaught ${error.stack ?? error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error') this.#seen.push(`console ${message.text()} (${message.location().url})`)
    })
    page.on('crash', () => this.#seen.push('the page crashed'))
  }

  add(fault: string): void {
    this.#seen.push(fault)
  }

  /** This journey provokes faults like this one. */
  expect(pattern: RegExp): void {
    this.#expected.push(pattern)
  }

  get unexpected(): readonly string[] {
    return this.#seen.filter((fault) => !this.#expected.some((pattern) => pattern.test(fault)))
  }
}
