import { Store, type Readable } from '../../../state/index.ts'
import { idle, runTask, type TaskState } from '../task.ts'

/** As many words as show that a paper exists, and few enough not to be a chore. */
export const checkedWords = 3

export interface WordsState extends TaskState {
  readonly step: 'covered' | 'shown' | 'check' | 'done'
  /** Only while they are shown or asked for. */
  readonly words: readonly string[]
  /** Which are asked for, counted from 1, in their order. */
  readonly asked: readonly number[]
  /** Those of them that were answered wrongly. */
  readonly wrong: readonly number[]
}

export interface WordsPorts {
  words(): Promise<readonly string[]>
  /** A random whole number below `limit`. */
  pick(limit: number): number
  /** The words are on paper. */
  done(): void
}

/** Shows the 24 words, asks for three of them, and only then counts them as written down. */
export class WordsViewModel {
  readonly #ports: WordsPorts
  readonly #state = new Store<WordsState>({ ...idle, step: 'covered', words: [], asked: [], wrong: [] })

  constructor(ports: WordsPorts) {
    this.#ports = ports
  }

  get state(): Readable<WordsState> {
    return this.#state
  }

  async show(): Promise<void> {
    const held = this.#state.get().words
    const words = held.length > 0 ? held : await runTask(this.#state, () => this.#ports.words())
    if (words) this.#state.update((state) => ({ ...state, step: 'shown', words, wrong: [] }))
  }

  written(): void {
    this.#state.update((state) => ({ ...state, step: 'check', asked: this.#positions(state.words.length), wrong: [] }))
  }

  /** `answers` stand in the order of `asked`. */
  check(answers: readonly string[]): void {
    const { words, asked } = this.#state.get()
    const wrong = asked.filter((position, index) => words[position - 1] !== answers[index]?.trim().toLowerCase())
    if (wrong.length > 0) {
      this.#state.update((state) => ({ ...state, wrong }))
      return
    }
    this.#state.update((state) => ({ ...state, step: 'done', words: [], asked: [], wrong: [] }))
    this.#ports.done()
  }

  #positions(count: number): readonly number[] {
    const left = Array.from({ length: count }, (_, index) => index + 1)
    const picked = Array.from(
      { length: Math.min(checkedWords, count) },
      () => left.splice(this.#ports.pick(left.length), 1)[0] ?? 1,
    )
    return picked.toSorted((one, other) => one - other)
  }
}
