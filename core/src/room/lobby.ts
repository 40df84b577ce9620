import type { CloseReason, SecureChannel } from '../channel/index.ts'
import type { Standing } from '../control-log/index.ts'
import type { PeerId } from '../identity/index.ts'
import type { Clock } from '../runtime/index.ts'
import type { Hello } from './hello.ts'
import type { KnockView } from './view.ts'

/** Knockers whose channels are held open at once: whoever has the link can make as many identities as it likes. */
const maxKnockers = 16
/** Knockers that were turned away and are not shown again, however often they come. */
const maxDenied = 64

export interface Knocker {
  readonly channel: SecureChannel
  readonly hello: Hello
  readonly sinceMs: number
}

/**
 * Those who hold the link and wait to be let in. They have a channel and nothing else: no connection, no address of ours, no word of what is said.
 */
export class Lobby {
  readonly #clock: Clock
  readonly #changed: () => void
  readonly #knockers = new Map<PeerId, Knocker>()
  readonly #denied = new Set<PeerId>()

  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock
    this.#changed = changed
  }

  /** Takes the channel of somebody who may knock; one that knocks again keeps its place. */
  receive(channel: SecureChannel, hello: Hello): void {
    const { peerId } = channel.remote
    if (this.#denied.has(peerId)) {
      channel.close('denied')
      return
    }
    const before = this.#knockers.get(peerId)
    if (before === undefined && this.#knockers.size >= maxKnockers) {
      channel.close('room-full')
      return
    }
    this.#knockers.set(peerId, { channel, hello, sinceMs: before?.sinceMs ?? this.#clock.now() })
    before?.channel.close('replaced')
    // What a knocker sends ahead of time is for a session that does not exist.
    channel.on('messageReceived', () => undefined)
    channel.on('closed', () => {
      if (this.#knockers.get(peerId)?.channel !== channel) return
      this.#knockers.delete(peerId)
      this.#changed()
    })
    this.#changed()
  }

  has(peerId: PeerId): boolean {
    return this.#knockers.has(peerId)
  }

  knockers(): readonly (readonly [PeerId, Knocker])[] {
    return [...this.#knockers]
  }

  view(): KnockView[] {
    return this.knockers().map(([peerId, { hello, sinceMs }]) => ({ peerId, name: hello.name, sinceMs }))
  }

  /** Turns somebody away, now and whenever it comes again. */
  deny(peerId: PeerId): void {
    this.#denied.add(peerId)
    const oldest = this.#denied.values().next()
    if (this.#denied.size > maxDenied && oldest.done !== true) this.#denied.delete(oldest.value)
    this.#end(peerId, 'denied')
  }

  /** Tells those for whom things have changed: who may come in now dials again at once. */
  reconsider(standingOf: (peerId: PeerId) => Standing): void {
    const words: Readonly<Record<Standing, CloseReason | undefined>> = {
      in: 'admitted',
      out: 'kicked',
      'shut-out': 'locked',
      knocking: undefined,
    }
    for (const peerId of [...this.#knockers.keys()]) {
      const word = words[standingOf(peerId)]
      if (word === undefined) continue
      this.#denied.delete(peerId)
      this.#end(peerId, word)
    }
  }

  closeAll(reason: CloseReason): void {
    for (const peerId of [...this.#knockers.keys()]) this.#end(peerId, reason)
  }

  #end(peerId: PeerId, reason: CloseReason): void {
    const knocker = this.#knockers.get(peerId)
    this.#knockers.delete(peerId)
    knocker?.channel.close(reason)
    if (knocker !== undefined) this.#changed()
  }
}
