import type { Scope, Undo } from '../../lifetime/index.ts'
import type { NostrEvent, RelayPool } from '../../nostr/index.ts'
import type { AuthorKey } from '../view.ts'
import { letterKind } from './letter.ts'
import { maxAsked } from './limits.ts'
import { askAt, learn, listKinds, type TheirRelays } from './their-relays.ts'

export interface WatchPorts {
  /** Without `onUrls` ours stay what they are. */
  readonly relays: Pick<RelayPool, 'subscribe' | 'urls'> & Partial<Pick<RelayPool, 'onUrls'>>
  /** Its end ends the asking. */
  readonly scope: Scope
  readonly self: AuthorKey
  readonly peer: AuthorKey
  /** Letters from then on, Unix seconds. */
  readonly since: () => number
  readonly heard: (event: NostrEvent) => void
  readonly learned: (theirs: TheirRelays) => void
}

/**
 * Asks relays for letters of one person to us, and for the lists of relays which that person has published. Nobody else's letters are asked for: who
 * has no such conversation with us cannot send us one.
 */
export class Watch {
  readonly #ports: WatchPorts
  #theirs: TheirRelays
  #stop: Undo = () => undefined

  constructor(ports: WatchPorts, theirs: TheirRelays) {
    this.#ports = ports
    this.#theirs = theirs
    const { relays, scope, peer } = ports
    const lists = [listKinds.general, listKinds.inbox]
    scope.onEnd(() => {
      this.#stop()
    })
    const filters = lists.map((kind) => ({ kinds: [kind], authors: [peer], limit: 1 }))
    scope.onEnd(relays.subscribe(filters, { event: (list) => this.#learn(list) }))
    const stop = relays.onUrls?.(() => {
      this.#ask()
    })
    if (stop !== undefined) scope.onEnd(stop)
    this.#ask()
  }

  #ask(): void {
    const { relays, scope, self, peer, since, heard } = this.#ports
    if (scope.ended) return
    const stop = this.#stop
    const filter = { kinds: [letterKind], authors: [peer], '#p': [self], since: since(), limit: maxAsked }
    this.#stop = relays.subscribe([filter], { event: heard }, askAt(this.#theirs, relays.urls))
    stop()
  }

  #learn(list: NostrEvent): void {
    const { relays, peer, scope, learned } = this.#ports
    // A relay may tell of others than we have asked for.
    if (list.pubkey !== peer || scope.ended) return
    const before = this.#theirs
    this.#theirs = learn(before, list, relays.urls)
    if (this.#theirs === before) return
    learned(this.#theirs)
    if (askAt(before, relays.urls).join() !== askAt(this.#theirs, relays.urls).join()) this.#ask()
  }
}
