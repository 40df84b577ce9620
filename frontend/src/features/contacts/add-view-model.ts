import type { Contact, ContactCard, IdentityId } from '@p2pigeon/core/people'
import { Store, type Readable } from '../../state/index.ts'
import { faultCode, type FoundCard, type People } from '../../session/index.ts'
import { contactFaultText, contactsText as words } from '../../text/contacts/index.ts'
import { faultText, type FaultText } from '../../text/index.ts'

/** How the card came here, and so what it can prove at most. */
export type CardSource = 'link' | 'camera' | 'picture'

/**
 * Where adding somebody stands.
 *
 * entry → reading (paste, scan, picture, opened link) → preview | known | self | entry with a fault. entry ⇄ scanning.
 * preview → adding → added | preview with a fault.
 */
export type AddState =
  | { readonly kind: 'entry'; readonly fault: FaultText | undefined }
  | { readonly kind: 'scanning' }
  | { readonly kind: 'reading'; readonly words: string }
  | {
      readonly kind: 'preview'
      readonly card: ContactCard
      readonly source: CardSource
      readonly adding: boolean
      readonly fault: FaultText | undefined
    }
  | { readonly kind: 'known'; readonly contact: Contact; readonly changed: boolean }
  | { readonly kind: 'self' }
  | { readonly kind: 'added'; readonly contact: Contact }
  /** Somebody known has a new identity, which waits to be accepted. */
  | { readonly kind: 'replaced'; readonly contact: Contact }

export interface AddPorts {
  readonly contacts: Pick<People['contacts'], 'readCard' | 'add' | 'replaceIdentity'>
  readPicture(file: Blob): Promise<string | undefined>
}

export interface AddChoice {
  readonly petname: string
  /** The user saw it on the other one's own device. */
  readonly inPerson: boolean
  /** The contact whose new identity this is. */
  readonly replaces: IdentityId | undefined
}

export class AddViewModel {
  readonly #ports: AddPorts
  readonly #state = new Store<AddState>({ kind: 'entry', fault: undefined })

  constructor(ports: AddPorts) {
    this.#ports = ports
  }

  get state(): Readable<AddState> {
    return this.#state
  }

  scan(): void {
    this.#state.set({ kind: 'scanning' })
  }

  again(): void {
    this.#state.set({ kind: 'entry', fault: undefined })
  }

  async read(textOrUrl: string, source: CardSource): Promise<void> {
    const reading: AddState = { kind: 'reading', words: words.loading }
    this.#state.set(reading)
    try {
      const found = await this.#ports.contacts.readCard(textOrUrl)
      if (this.#state.get() === reading) this.#state.set(stateOf(found, source))
    } catch (error) {
      if (this.#state.get() !== reading) return
      const code = faultCode(error)
      const fault =
        code === 'card-missing' && source !== 'link' ? { title: words.scan.notOurs, body: '' } : faultOf(code)
      this.#state.set({ kind: 'entry', fault })
    }
  }

  async readPicture(file: Blob): Promise<void> {
    const reading: AddState = { kind: 'reading', words: words.scan.reading }
    this.#state.set(reading)
    const said = await this.#ports.readPicture(file).catch(() => undefined)
    if (this.#state.get() !== reading) return
    if (said === undefined) this.#state.set({ kind: 'entry', fault: { title: words.scan.noCode, body: '' } })
    else await this.read(said, 'picture')
  }

  async add({ petname, inPerson, replaces }: AddChoice): Promise<void> {
    const now = this.#state.get()
    if (now.kind !== 'preview' || now.adding) return
    const adding: AddState = { ...now, adding: true, fault: undefined }
    this.#state.set(adding)
    const { contacts } = this.#ports
    try {
      if (replaces) {
        this.#state.set({ kind: 'replaced', contact: await contacts.replaceIdentity(replaces, now.card) })
        return
      }
      // A picture or a link can come from anybody; only a camera has seen the other one's device.
      const how = inPerson && now.source === 'camera' ? 'scanned' : 'link'
      this.#state.set({ kind: 'added', contact: await contacts.add(now.card, how, petname) })
    } catch (error) {
      this.#state.set({ ...now, adding: false, fault: faultOf(faultCode(error)) })
    }
  }
}

function stateOf(found: FoundCard, source: CardSource): AddState {
  switch (found.kind) {
    case 'self':
      return { kind: 'self' }
    case 'known':
      return { kind: 'known', contact: found.contact, changed: found.contact.change !== undefined }
    case 'new':
      return { kind: 'preview', card: found.card, source, adding: false, fault: undefined }
  }
}

function faultOf(code: string): FaultText {
  return contactFaultText(code) ?? faultText(code)
}
