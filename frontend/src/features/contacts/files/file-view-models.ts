import type { Applied } from '@p2pigeon/core/people'
import { Store, type Readable } from '../../../state/index.ts'
import { faultCode, type OpenedContacts, type OpenedRoster } from '../../../session/index.ts'
import { contactsText as words } from '../../../text/contacts/index.ts'
import { faultText } from '../../../text/index.ts'

/** form → sealing → saved | form with a fault. */
export type ExportState =
  | { readonly kind: 'form'; readonly fault: { readonly field: 'new' | 'again'; readonly words: string } | undefined }
  | { readonly kind: 'sealing' }
  | { readonly kind: 'saved' }
  | { readonly kind: 'failed' }

export interface ExportPorts {
  readonly minPassphraseLength: number
  seal(passphrase: string): Promise<Uint8Array<ArrayBuffer>>
  save(file: Uint8Array<ArrayBuffer>, name: string): void
}

export class ExportViewModel {
  readonly #ports: ExportPorts
  readonly #state = new Store<ExportState>({ kind: 'form', fault: undefined })

  constructor(ports: ExportPorts) {
    this.#ports = ports
  }

  get state(): Readable<ExportState> {
    return this.#state
  }

  async save(passphrase: string, again: string): Promise<void> {
    const least = this.#ports.minPassphraseLength
    if ([...passphrase.normalize('NFKC')].length < least) {
      this.#state.set({ kind: 'form', fault: { field: 'new', words: words.files.tooShort(least) } })
      return
    }
    if (passphrase !== again) {
      this.#state.set({ kind: 'form', fault: { field: 'again', words: words.files.differ } })
      return
    }
    this.#state.set({ kind: 'sealing' })
    try {
      this.#ports.save(await this.#ports.seal(passphrase), words.files.name)
      this.#state.set({ kind: 'saved' })
    } catch {
      this.#state.set({ kind: 'failed' })
    }
  }
}

/** choosing → locked (a file) → opening → preview → importing → done; back to locked or choosing with a fault. */
export type ImportState =
  | { readonly kind: 'choosing'; readonly fault: string | undefined }
  | { readonly kind: 'locked'; readonly file: Uint8Array; readonly fault: string | undefined }
  | { readonly kind: 'opening'; readonly file: Uint8Array }
  | { readonly kind: 'preview'; readonly opened: OpenedContacts; readonly fault: string | undefined }
  | { readonly kind: 'importing'; readonly opened: OpenedContacts }

export interface ImportPorts {
  open(file: Uint8Array, passphrase: string): Promise<OpenedContacts>
  /** Told how many are new. */
  done(added: number): void
}

export class ImportViewModel {
  readonly #ports: ImportPorts
  readonly #state = new Store<ImportState>({ kind: 'choosing', fault: undefined })

  constructor(ports: ImportPorts) {
    this.#ports = ports
  }

  get state(): Readable<ImportState> {
    return this.#state
  }

  choose(file: Uint8Array): void {
    this.#state.set({ kind: 'locked', file, fault: undefined })
  }

  async open(passphrase: string): Promise<void> {
    const now = this.#state.get()
    if (now.kind !== 'locked') return
    this.#state.set({ kind: 'opening', file: now.file })
    try {
      this.#state.set({ kind: 'preview', opened: await this.#ports.open(now.file, passphrase), fault: undefined })
    } catch (error) {
      const code = faultCode(error)
      if (code === 'backup-locked') this.#state.set({ ...now, fault: words.files.wrong })
      else this.#state.set({ kind: 'choosing', fault: fileFault(code) })
    }
  }

  async import(): Promise<void> {
    const now = this.#state.get()
    if (now.kind !== 'preview') return
    this.#state.set({ kind: 'importing', opened: now.opened })
    try {
      this.#ports.done(await now.opened.import())
    } catch (error) {
      this.#state.set({ ...now, fault: fileFault(faultCode(error)) })
    }
  }
}

function fileFault(code: string): string {
  if (code === 'backup-version' || code === 'contacts-version') return words.files.newer
  if (code === 'too-many-contacts') return words.files.tooMany
  if (code === 'hash-unavailable' || code === 'unexpected') return faultText(code).title
  return words.files.notAFile
}

/** choosing → reading → asking (an organisation that is not trusted yet) → done; back to choosing with a fault. */
export type RosterState =
  | { readonly kind: 'choosing'; readonly fault: string | undefined }
  | { readonly kind: 'reading' }
  | { readonly kind: 'asking'; readonly opened: OpenedRoster; readonly busy: boolean }

export interface RosterPorts {
  open(file: Uint8Array): Promise<OpenedRoster>
  /** Told what was done. */
  done(said: string): void
}

export class RosterViewModel {
  readonly #ports: RosterPorts
  readonly #state = new Store<RosterState>({ kind: 'choosing', fault: undefined })

  constructor(ports: RosterPorts) {
    this.#ports = ports
  }

  get state(): Readable<RosterState> {
    return this.#state
  }

  async read(file: Uint8Array): Promise<void> {
    this.#state.set({ kind: 'reading' })
    try {
      const opened = await this.#ports.open(file)
      const { applied, roster } = opened
      if (applied === 'untrusted') this.#state.set({ kind: 'asking', opened, busy: false })
      else this.#answer(applied, words.roster.updated(roster.organisation))
    } catch (error) {
      this.#state.set({ kind: 'choosing', fault: rosterFault(faultCode(error)) })
    }
  }

  async trust(): Promise<void> {
    const now = this.#state.get()
    if (now.kind !== 'asking' || now.busy) return
    this.#state.set({ ...now, busy: true })
    try {
      this.#answer(await now.opened.trust(), words.roster.accepted(now.opened.roster.organisation))
    } catch (error) {
      this.#state.set({ kind: 'choosing', fault: rosterFault(faultCode(error)) })
    }
  }

  #answer(applied: Applied, done: string): void {
    if (applied === 'applied') this.#ports.done(done)
    else this.#state.set({ kind: 'choosing', fault: words.roster.refused[applied] })
  }
}

function rosterFault(code: string): string {
  if (code === 'roster-not-genuine' || code === 'record-not-genuine') return words.roster.forged
  if (code === 'roster-version') return words.files.newer
  if (code === 'too-many-contacts' || code === 'too-many-organisations') return words.files.tooMany
  return words.roster.notARoster
}
