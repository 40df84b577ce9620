import type { RecoveredSeed } from '@p2pigeon/core/people'
import { Store, type Readable } from '../../../state/index.ts'
import type { Found } from '../../../session/index.ts'
import { vaultFault, vaultText, type FaultText } from '../../../text/index.ts'
import { idle, runTask, type TaskState } from '../task.ts'

/** Larger than any backup: nothing else is even read. */
export const maxFileBytes = 40_000_000

export interface FindPorts {
  readWords(typed: string): Promise<RecoveredSeed>
  openFile(file: Uint8Array, passphrase: string): Promise<Found>
  found(found: Found): void
}

/** Finds an identity in words or in a file. Nothing is changed by it, whatever is typed. */
export class FindViewModel {
  readonly #ports: FindPorts
  readonly #state = new Store<TaskState>(idle)

  constructor(ports: FindPorts) {
    this.#ports = ports
  }

  get state(): Readable<TaskState> {
    return this.#state
  }

  /** Something else is being typed: what was said of it before does not hold any more. */
  edited(): void {
    if (this.#state.get().fault) this.#state.update((state) => ({ ...state, fault: undefined }))
  }

  async words(typed: string): Promise<void> {
    const read = await runTask(this.#state, () => this.#ports.readWords(typed))
    if (!read) return
    if (read.kind === 'seed') this.#ports.found({ seed: read.seed, slots: new Map() })
    else this.#state.update((state) => ({ ...state, fault: wordsFault(read, typed) }))
  }

  async file(file: Pick<File, 'size' | 'arrayBuffer'> | undefined, passphrase: string): Promise<void> {
    if (!file || file.size > maxFileBytes) {
      this.#state.update((state) => ({ ...state, fault: vaultFault(file ? 'file-too-large' : 'not-a-backup') }))
      return
    }
    const found = await runTask(this.#state, async () =>
      this.#ports.openFile(new Uint8Array(await file.arrayBuffer()), passphrase),
    )
    if (found) this.#ports.found(found)
  }
}

/** What is wrong with words, as precisely as it is known: the word and its place. */
export function wordsFault(read: Exclude<RecoveredSeed, { kind: 'seed' }>, typed: string): FaultText {
  const { words } = vaultText
  switch (read.kind) {
    case 'wrong-count':
      return { title: words.label, body: words.count(read.count) }
    case 'unknown-word':
      return {
        title: words.label,
        body: words.unknown(read.position, typed.trim().split(/\s+/u)[read.position - 1] ?? ''),
      }
    case 'wrong-checksum':
      return { title: words.label, body: words.checksum }
  }
}
