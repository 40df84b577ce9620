/** Files that stay where they are, over many passes: each is news once, until it is another one or something else is wrong with it. */
export class Failures {
  #before = new Map<string, string>()
  #now = new Map<string, string>()

  /** Another pass begins: what does not fail in it is forgotten. */
  begin(): void {
    this.#before = this.#now
    this.#now = new Map()
  }

  /** @param stamp what the file is now: another one when it has changed. */
  isNews(path: string, code: string, stamp: string): boolean {
    const mark = `${code} ${stamp}`
    this.#now.set(path, mark)
    return this.#before.get(path) !== mark
  }
}
