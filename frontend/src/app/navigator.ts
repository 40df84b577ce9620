import { Store, type Readable, type Undo } from '../state/index.ts'
import type { OpenedLink } from '../session/index.ts'
import { fragmentOf, readRoute, type ChatId } from './route.ts'

export type Place =
  /** A link is being read: a moment. */
  | { readonly kind: 'opening' }
  | { readonly kind: 'home'; readonly linkFault: string | undefined }
  | { readonly kind: 'room'; readonly roomId: string }
  | { readonly kind: 'settings' }
  /** `card` is the code of a contact link that was just opened. */
  | { readonly kind: 'contacts'; readonly card: string | undefined }
  | { readonly kind: 'chats'; readonly id: ChatId | undefined }

/** The part of `window` that navigation touches. */
export interface AddressBar {
  fragment(): string
  /** Replaces the present history entry. */
  replace(fragment: string): void
  push(fragment: string): void
  /** Calls when the user goes back, forward or edits the fragment. */
  onMove(moved: () => void): Undo
}

/** Knows where the page is. A link of a room or contact is taken out of the address and the history before anything else happens. */
export class Navigator {
  readonly #bar: AddressBar
  readonly #openLink: (code: string) => Promise<OpenedLink>
  readonly #place = new Store<Place>({ kind: 'home', linkFault: undefined })
  /** What the address says, as far as it was read or written here. */
  #fragment = ''
  /** While somebody is to be asked first. */
  #ask: (() => void) | undefined

  constructor(bar: AddressBar, openLink: (code: string) => Promise<OpenedLink>) {
    this.#bar = bar
    this.#openLink = openLink
    this.#read()
  }

  get place(): Readable<Place> {
    return this.#place
  }

  start(): Undo {
    return this.#bar.onMove(() => {
      // Browsers tell of one move twice, and the second time the address may be ours already.
      if (this.#bar.fragment() === this.#fragment) return
      if (this.#ask) this.#stayAndAsk(this.#ask)
      else this.#read()
    })
  }

  /** Until the undo, whoever goes elsewhere by the browser stays here, and `asked` is called. The ways below stay open. */
  readonly keepHere = (asked: () => void): Undo => {
    this.#ask = asked
    return () => {
      if (this.#ask === asked) this.#ask = undefined
    }
  }

  readonly goHome = (): void => {
    this.#push(fragmentOf({ kind: 'home' }))
    this.#place.set({ kind: 'home', linkFault: undefined })
  }

  readonly goToRoom = (roomId: string): void => {
    this.#push(fragmentOf({ kind: 'room', roomId }))
    this.#place.set({ kind: 'room', roomId })
  }

  readonly goToSettings = (): void => {
    this.#push(fragmentOf({ kind: 'settings' }))
    this.#place.set({ kind: 'settings' })
  }

  readonly goToContacts = (): void => {
    this.#push(fragmentOf({ kind: 'contacts' }))
    this.#place.set({ kind: 'contacts', card: undefined })
  }

  readonly goToChats = (id?: ChatId): void => {
    const route = { kind: 'chats', id } as const
    this.#push(fragmentOf(route))
    this.#place.set(route)
  }

  #push(fragment: string): void {
    this.#fragment = fragment
    this.#bar.push(fragment)
  }

  #replace(fragment: string): void {
    this.#fragment = fragment
    this.#bar.replace(fragment)
  }

  #stayAndAsk(ask: () => void): void {
    const { kind } = readRoute(this.#bar.fragment())
    // A link stays in no entry of the history: it becomes one more of this place.
    if (kind === 'link' || kind === 'card') this.#bar.replace(this.#fragment)
    else this.#bar.push(this.#fragment)
    ask()
  }

  #read(): void {
    this.#fragment = this.#bar.fragment()
    const route = readRoute(this.#fragment)
    switch (route.kind) {
      case 'home':
        this.#place.set({ kind: 'home', linkFault: undefined })
        return
      case 'settings':
      case 'chats':
        this.#place.set(route)
        return
      case 'room': {
        const now = this.#place.get()
        if (now.kind !== 'room' || now.roomId !== route.roomId) this.#place.set(route)
        return
      }
      case 'contacts':
        if (this.#place.get().kind !== 'contacts') this.#place.set({ kind: 'contacts', card: undefined })
        return
      case 'card':
        this.#replace(fragmentOf({ kind: 'contacts' }))
        this.#place.set({ kind: 'contacts', card: route.code })
        return
      case 'link':
        this.#replace(fragmentOf({ kind: 'home' }))
        void this.#open(route.code)
    }
  }

  async #open(code: string): Promise<void> {
    const opening: Place = { kind: 'opening' }
    this.#place.set(opening)
    const opened = await this.#openLink(code)
    if (this.#place.get() !== opening) return
    if (opened.kind === 'refused') {
      this.#place.set({ kind: 'home', linkFault: opened.code })
      return
    }
    this.#replace(fragmentOf({ kind: 'room', roomId: opened.roomId }))
    this.#place.set({ kind: 'room', roomId: opened.roomId })
  }
}

export function windowBar(): AddressBar {
  return {
    fragment: () => location.hash,
    replace: (fragment) => history.replaceState(null, '', fragment),
    push: (fragment) => history.pushState(null, '', fragment),
    onMove: (moved) => {
      window.addEventListener('popstate', moved)
      window.addEventListener('hashchange', moved)
      return () => {
        window.removeEventListener('popstate', moved)
        window.removeEventListener('hashchange', moved)
      }
    },
  }
}
