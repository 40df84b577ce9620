import type { EntryView, Purgeable } from '@p2pigeon/core/files'
import { faultCode, type RoomFiles } from '../../session/index.ts'
import { bytesText } from '../../text/index.ts'
import { fileFault, filesText } from '../../text/files/index.ts'

const words = filesText.purge

/** What was deleted, whole, or one former version of a file. */
export interface PurgeWish {
  readonly id: string
  readonly object?: string
}

/** Asked before anything is deleted for good, and shown until that is done: nobody brings it back afterwards. */
export interface PurgeQuestion {
  readonly kind: 'purge'
  readonly wishes: readonly PurgeWish[]
  readonly title: string
  /** The file whose versions were shown before, and are again afterwards. */
  readonly versionsOf: string | undefined
  readonly phase: { readonly kind: 'asking' | 'busy' } | { readonly kind: 'failed'; readonly code: string }
}

export interface PurgingPorts {
  readonly files: Pick<RoomFiles, 'purgeable' | 'purge'>
  /** Whatever question is open. */
  readonly shown: () => PurgeQuestion | undefined
  readonly show: (question: PurgeQuestion) => void
  readonly close: () => void
  readonly toast: (words: string, options?: { readonly tone: 'fault' }) => void
}

/** Deletes for good, question by question. Whoever closes one that is at work is told all the same what became of it. */
export class Purging {
  readonly #ports: PurgingPorts

  constructor(ports: PurgingPorts) {
    this.#ports = ports
  }

  /** Whether it is worth asking. What is in a folder is counted once somebody does. */
  mayPurge({ id, kind }: Pick<EntryView, 'id' | 'kind'>): boolean {
    return kind === 'folder' || this.#ports.files.purgeable(id).versions > 0
  }

  ask(title: string, wishes: readonly PurgeWish[], versionsOf?: string): void {
    this.#ports.show({ kind: 'purge', wishes, title, versionsOf, phase: { kind: 'asking' } })
  }

  /** What would go now, of all that is wished. */
  left(wishes: readonly PurgeWish[]): Purgeable {
    return sumOf(wishes.map(({ id, object }) => this.#ports.files.purgeable(id, object)))
  }

  /** Does what is asked; after a failure, the rest of it. */
  async answer(question: PurgeQuestion): Promise<void> {
    const { files, show, toast } = this.#ports
    if (question.phase.kind === 'busy') return
    show({ ...question, phase: { kind: 'busy' } })
    const gone: Purgeable[] = []
    try {
      for (const { id, object } of question.wishes) {
        const purgeable = files.purgeable(id, object)
        if (purgeable.versions === 0) continue
        await files.purge(id, object)
        gone.push(purgeable)
      }
    } catch (error) {
      this.#failed(question, faultCode(error))
      return
    }
    const { versions, bytes } = sumOf(gone)
    if (this.#isShown(question)) this.#ports.close()
    toast(versions === 0 ? words.none : words.done(versions, bytesText(bytes)))
  }

  #failed(question: PurgeQuestion, code: string): void {
    const { show, toast } = this.#ports
    if (this.#isShown(question)) show({ ...question, phase: { kind: 'failed', code } })
    else toast(`${fileFault(code).title}. ${this.rest(question.wishes, code)}`, { tone: 'fault' })
  }

  /** What is to be said after a failure: what is left, or what becomes of what is gone. */
  rest(wishes: readonly PurgeWish[], code: string): string {
    const { versions, bytes } = this.left(wishes)
    if (versions > 0) return words.left(versions, bytesText(bytes))
    return code === 'nothing-to-purge' ? fileFault(code).body : words.later
  }

  #isShown({ wishes }: PurgeQuestion): boolean {
    return this.#ports.shown()?.wishes === wishes
  }
}

function sumOf(parts: readonly Purgeable[]): Purgeable {
  return parts.reduce((sum, { versions, bytes }) => ({ versions: sum.versions + versions, bytes: sum.bytes + bytes }), {
    versions: 0,
    bytes: 0,
  })
}
