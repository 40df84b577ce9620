import { Store, type Readable } from '../../../state/index.ts'
import type { Candidate } from '../../../session/index.ts'
import { idle, runTask, type TaskState } from '../task.ts'

/** code → compare (the digits) → answer. */
export type AddStep =
  | { readonly kind: 'code' }
  | { readonly kind: 'compare'; readonly candidate: Candidate }
  | { readonly kind: 'answer'; readonly answer: string }

export interface AddPorts {
  read(code: string): Promise<Candidate>
  add(candidate: Candidate, nowMs: number): Promise<string>
  now(): number
}

/** On the device with the key: reads the new device’s code, and answers once its owner has compared the digits. */
export class AddDeviceViewModel {
  readonly #ports: AddPorts
  readonly #state = new Store<TaskState & { readonly step: AddStep }>({ ...idle, step: { kind: 'code' } })

  constructor(ports: AddPorts) {
    this.#ports = ports
  }

  get state(): Readable<TaskState & { readonly step: AddStep }> {
    return this.#state
  }

  edited(): void {
    if (this.#state.get().fault) this.#state.update((state) => ({ ...state, fault: undefined }))
  }

  async read(code: string): Promise<void> {
    const candidate = await runTask(this.#state, () => this.#ports.read(code))
    if (candidate) this.#state.update((state) => ({ ...state, step: { kind: 'compare', candidate } }))
  }

  back(): void {
    this.#state.update((state) => ({ ...state, step: { kind: 'code' }, fault: undefined }))
  }

  async confirm(): Promise<void> {
    const { step } = this.#state.get()
    if (step.kind !== 'compare') return
    const answer = await runTask(this.#state, () => this.#ports.add(step.candidate, this.#ports.now()))
    if (answer !== undefined) this.#state.update((state) => ({ ...state, step: { kind: 'answer', answer } }))
  }
}

export interface LinkPorts {
  code(): Promise<{ readonly code: string; readonly digits: string }>
  link(answer: string): Promise<void>
  /** Shows what is stored now. */
  reload(): void
}

export interface LinkState extends TaskState {
  readonly shown: { readonly code: string; readonly digits: string } | undefined
}

/** On the new device: shows its code, and takes the answer. */
export class LinkDeviceViewModel {
  readonly #ports: LinkPorts
  readonly #state = new Store<LinkState>({ ...idle, shown: undefined })

  constructor(ports: LinkPorts) {
    this.#ports = ports
  }

  get state(): Readable<LinkState> {
    return this.#state
  }

  async start(): Promise<void> {
    const shown = await runTask(this.#state, () => this.#ports.code())
    if (shown) this.#state.update((state) => ({ ...state, shown }))
  }

  edited(): void {
    if (this.#state.get().fault) this.#state.update((state) => ({ ...state, fault: undefined }))
  }

  async link(answer: string): Promise<void> {
    const done = await runTask(this.#state, async () => {
      await this.#ports.link(answer)
      return true
    })
    if (done) this.#ports.reload()
  }
}
