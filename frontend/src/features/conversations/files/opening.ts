import type { Passage } from '@p2pigeon/core/chat'
import { Fault, faultCode } from '../../../session/index.ts'
import { Store, type Readable } from '../../../state/index.ts'

/** idle → loading → idle | failed; the picture stays whatever else is done. */
export interface OpeningState {
  readonly work:
    | { readonly kind: 'idle' }
    /** How much of it is here, 0 to 1. */
    | { readonly kind: 'loading'; readonly purpose: Purpose; readonly part: number }
    | { readonly kind: 'failed'; readonly code: string }
  /** Address of the picture that is shown. */
  readonly picture: string | undefined
}

type Purpose = 'save' | 'show'
type Bytes = Uint8Array<ArrayBuffer>

export interface OpeningPorts {
  readonly open: (passage: Passage) => Promise<Bytes>
  readonly save: (bytes: Bytes) => void
  /** Undefined for what is no picture. */
  readonly pictureUrl: (bytes: Bytes) => string | undefined
  readonly release: (url: string) => void
}

const idle = { kind: 'idle' } as const

/** Fetches one file of a message to save it or to show it. Every address that it makes is given back. */
export class Opening {
  readonly #ports: OpeningPorts
  readonly #state = new Store<OpeningState>({ work: idle, picture: undefined })
  #abort: AbortController | undefined

  constructor(ports: OpeningPorts) {
    this.#ports = ports
  }

  get state(): Readable<OpeningState> {
    return this.#state
  }

  save(): Promise<void> {
    return this.#fetch('save', (bytes) => this.#ports.save(bytes))
  }

  show(): Promise<void> {
    return this.#fetch('show', (bytes) => {
      const picture = this.#ports.pictureUrl(bytes)
      if (picture === undefined) throw new Fault('no-picture')
      this.#hide()
      this.#set({ picture })
    })
  }

  /** The browser cannot make a picture of it. */
  broken(): void {
    this.#hide()
    this.#set({ work: { kind: 'failed', code: 'no-picture' } })
  }

  /** Fetches no more of it. */
  stop(): void {
    this.#abort?.abort()
    if (this.#state.get().work.kind === 'loading') this.#set({ work: idle })
  }

  /** It is not on the page any more. */
  end(): void {
    this.stop()
    this.#hide()
  }

  async #fetch(purpose: Purpose, take: (bytes: Bytes) => void): Promise<void> {
    this.stop()
    const abort = new AbortController()
    this.#abort = abort
    const progress = (part: number): void => {
      const { work } = this.#state.get()
      // One step in a hundred is enough to be seen.
      const isStep = work.kind === 'loading' && part - work.part >= 0.01
      if (isStep && !abort.signal.aborted) this.#set({ work: { kind: 'loading', purpose, part } })
    }
    this.#set({ work: { kind: 'loading', purpose, part: 0 } })
    try {
      const bytes = await this.#ports.open({ signal: abort.signal, progress })
      if (abort.signal.aborted) return
      take(bytes)
      this.#set({ work: idle })
    } catch (error) {
      if (!abort.signal.aborted) this.#set({ work: { kind: 'failed', code: faultCode(error) } })
    }
  }

  #hide(): void {
    const { picture } = this.#state.get()
    if (picture === undefined) return
    this.#ports.release(picture)
    this.#set({ picture: undefined })
  }

  #set(part: Partial<OpeningState>): void {
    this.#state.update((state) => ({ ...state, ...part }))
  }
}
