import { Store, type Readable } from '../../../state/index.ts'
import { idle, runTask, type TaskState } from '../task.ts'

export interface FileState extends TaskState {
  /** The name of the file that was saved. */
  readonly saved: string | undefined
  /** True once somebody tried to go on: fields say from then on what is wrong with them. */
  readonly tried: boolean
}

export interface FilePorts {
  seal(passphrase: string): Promise<Uint8Array<ArrayBuffer>>
  save(file: Uint8Array<ArrayBuffer>, name: string): void
  done(): void
  now(): number
}

/** Makes a backup file and hands it to the browser. */
export class FileViewModel {
  readonly #ports: FilePorts
  readonly #state = new Store<FileState>({ ...idle, saved: undefined, tried: false })

  constructor(ports: FilePorts) {
    this.#ports = ports
  }

  get state(): Readable<FileState> {
    return this.#state
  }

  /** `undefined` when the two fields are no passphrase yet. */
  async save(passphrase: string | undefined): Promise<void> {
    this.#state.update((state) => ({ ...state, tried: true }))
    if (passphrase === undefined) return
    const file = await runTask(this.#state, () => this.#ports.seal(passphrase))
    if (!file) return
    const saved = `p2pigeon-${new Date(this.#ports.now()).toISOString().slice(0, 10)}.backup`
    this.#ports.save(file, saved)
    this.#ports.done()
    this.#state.update((state) => ({ ...state, saved }))
  }
}
