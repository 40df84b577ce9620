import { Store, type Readable, type Undo } from '../../state/index.ts'
import { faultCode, isOutgoingOver, type IncomingView, type OutgoingView } from '../../session/index.ts'
import { contactFaultText, contactsText as words } from '../../text/contacts/index.ts'
import { faultText } from '../../text/index.ts'

/** What direct calls need from the session and the page. */
export interface CallPorts {
  readonly outgoing: Readable<OutgoingView | undefined>
  readonly incoming: Readable<readonly IncomingView[]>
  call(id: OutgoingView['id'], video: boolean): Promise<void>
  hangUp(): void
  accept(view: IncomingView): Promise<string>
  decline(view: IncomingView): void
  /** What the user calls this person; `undefined` for somebody who is no contact. */
  nameOf(id: OutgoingView['id']): string | undefined
  /** Goes to the room of this link, with the devices on. */
  enter(linkCode: string, video: boolean): Promise<void>
  announce(said: string): void
  /** Says the fault where it is seen on any page. */
  complain(said: string): void
  /** Shows the call outside of a hidden page, where the user has allowed it. */
  notify(title: string, body: string): Undo
  readonly tone: { start(): void; stop(): void }
  ringToneOn(): boolean
}

export interface OutgoingScreen {
  readonly id: OutgoingView['id']
  readonly name: string
  readonly video: boolean
  readonly words: string
  readonly look: 'busy' | 'plain' | 'fault'
  readonly over: boolean
}

export interface IncomingScreen {
  readonly view: IncomingView
  readonly name: string
  readonly title: string
  readonly words: string
  /** Shown when it differs from the name. */
  readonly claims: string | undefined
  readonly phase: 'ringing' | 'connecting' | 'over'
  readonly others: number
  readonly silenced: boolean
}

/** The calls of this tab as they show, with all that rings, is said and is entered because of them. */
export class CallViewModel {
  readonly #ports: CallPorts
  readonly #outgoing = new Store<OutgoingScreen | undefined>(undefined)
  readonly #incoming = new Store<IncomingScreen | undefined>(undefined)
  readonly #notices = new Map<string, Undo>()
  #entering: OutgoingView | undefined
  #silenced = false
  #said = ''

  constructor(ports: CallPorts) {
    this.#ports = ports
  }

  get outgoing(): Readable<OutgoingScreen | undefined> {
    return this.#outgoing
  }

  get incoming(): Readable<IncomingScreen | undefined> {
    return this.#incoming
  }

  start(): Undo {
    const { outgoing, incoming, tone } = this.#ports
    const undoings = [outgoing.subscribe(() => this.#showOurs()), incoming.subscribe(() => this.#showTheirs())]
    this.#showOurs()
    this.#showTheirs()
    return () => {
      undoings.forEach((undo) => undo())
      tone.stop()
      for (const undo of this.#notices.values()) undo()
      this.#notices.clear()
    }
  }

  hangUp(): void {
    this.#ports.hangUp()
  }

  async again(): Promise<void> {
    const screen = this.#outgoing.get()
    if (!screen?.over) return
    await this.#ports.call(screen.id, screen.video).catch((error: unknown) => this.#complain(error))
  }

  /** @param video whether the camera goes on, too: the callee's choice, whatever the caller has. */
  async accept(video: boolean): Promise<void> {
    const screen = this.#incoming.get()
    if (screen?.phase !== 'ringing') return
    this.#ports.tone.stop()
    try {
      await this.#ports.enter(await this.#ports.accept(screen.view), video)
    } catch (error) {
      this.#complain(error)
    }
  }

  decline(): void {
    const screen = this.#incoming.get()
    if (screen) this.#ports.decline(screen.view)
  }

  silence(): void {
    this.#silenced = true
    this.#showTheirs()
  }

  #showOurs(): void {
    const ours = this.#ports.outgoing.get()
    if (!ours) {
      this.#outgoing.set(undefined)
      this.#said = ''
      return
    }
    const over = isOutgoingOver(ours)
    const screen: OutgoingScreen = {
      id: ours.id,
      name: this.#nameOf(ours.id, ''),
      video: ours.video,
      words: wordsOf(ours),
      look: !over || ours.state.kind === 'accepted' ? 'busy' : isFault(ours) ? 'fault' : 'plain',
      over: over && ours.state.kind !== 'accepted',
    }
    this.#outgoing.set(screen)
    if (screen.words !== this.#said) this.#ports.announce(screen.words)
    this.#said = screen.words
    if (ours.state.kind === 'accepted' && this.#entering?.id !== ours.id)
      void this.#enterOurs(ours, ours.state.linkCode)
  }

  async #enterOurs(ours: OutgoingView, linkCode: string): Promise<void> {
    this.#entering = ours
    try {
      await this.#ports.enter(linkCode, ours.video)
    } catch (error) {
      this.#complain(error)
    } finally {
      this.#entering = undefined
      if (this.#ports.outgoing.get() === ours) this.#ports.hangUp()
    }
  }

  #showTheirs(): void {
    const calls = this.#ports.incoming.get()
    const ringing = calls.filter(({ state }) => state.kind === 'ringing')
    const view = calls.find(({ state }) => state.kind === 'accepting') ?? ringing[0] ?? calls[0]
    if (ringing.length === 0) this.#silenced = false
    this.#incoming.set(view && this.#screenOf(view, Math.max(0, ringing.length - 1)))
    if (ringing.length > 0 && !this.#silenced && this.#ports.ringToneOn() && view?.state.kind === 'ringing') {
      this.#ports.tone.start()
    } else this.#ports.tone.stop()
    this.#tellOutside(ringing)
  }

  /** Says each call once, inside and outside of the page, and takes it back outside when it does not ring any more. */
  #tellOutside(ringing: readonly IncomingView[]): void {
    for (const [id, undo] of this.#notices) {
      if (ringing.some((call) => call.id === id)) continue
      undo()
      this.#notices.delete(id)
    }
    for (const call of ringing) {
      if (this.#notices.has(call.id)) continue
      const said = words.call.notification(this.#nameOf(call.id, call.claimedName))
      this.#ports.announce(said)
      this.#notices.set(call.id, this.#ports.notify(said, words.call.notificationBody))
    }
  }

  #screenOf(view: IncomingView, others: number): IncomingScreen {
    const name = this.#nameOf(view.id, view.claimedName)
    const { theirs } = words.call
    const { kind } = view.state
    const said =
      kind === 'ringing'
        ? theirs.ringing[view.video ? 'video' : 'audio']
        : kind === 'failed' || kind === 'missed'
          ? theirs[kind]
          : theirs.accepting
    return {
      view,
      name,
      title: words.call.incoming(name),
      words: said,
      claims: view.claimedName !== '' && view.claimedName !== name ? words.call.claimed(view.claimedName) : undefined,
      phase: kind === 'ringing' ? 'ringing' : kind === 'failed' || kind === 'missed' ? 'over' : 'connecting',
      others,
      silenced: this.#silenced,
    }
  }

  #nameOf(id: OutgoingView['id'], claimed: string): string {
    return this.#ports.nameOf(id) ?? (claimed || words.requests.unnamed)
  }

  #complain(error: unknown): void {
    const code = faultCode(error)
    const { title, body } = contactFaultText(code) ?? faultText(code)
    this.#ports.complain(`${title}. ${body}`)
  }
}

function wordsOf({ state }: OutgoingView): string {
  if (state.kind !== 'fault') return words.call.states[state.kind]
  const said = contactFaultText(state.code)
  return said ? `${said.title}. ${said.body}` : words.call.states.fault
}

function isFault({ state: { kind } }: OutgoingView): boolean {
  return kind === 'failed' || kind === 'fault'
}
