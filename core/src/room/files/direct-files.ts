import { DirectAsker, DirectServer, ServePlaces, type NearSource, type Source } from '../../files/index.ts'
import type { PeerId } from '../../identity/index.ts'
import type { Scope, Undo } from '../../lifetime/index.ts'
import type { PeerSession } from '../../peer/index.ts'
import type { Clock } from '../../runtime/index.ts'

export interface DirectFilesPorts {
  readonly clock: Clock
  readonly scope: Scope
  /** Connected, and in by what the log says now: to be asked, and to be answered. */
  isIn(peer: PeerId): boolean
  sessionOf(peer: PeerId): PeerSession | undefined
}

/**
 * Contents of files straight between devices of members: asks theirs, and answers out of what this one has. Everything that belongs to one member
 * dies with the session, so somebody who was removed gets nothing more.
 */
export class DirectFiles {
  readonly #ports: DirectFilesPorts
  readonly #askers = new WeakMap<PeerSession, DirectAsker>()
  readonly #places = new ServePlaces()
  #lent: Pick<Source, 'read'> | undefined

  constructor(ports: DirectFilesPorts) {
    this.#ports = ports
  }

  /** Answers a member by its new session, whenever it asks. */
  follow(peer: PeerId, session: PeerSession): void {
    session.on('filesOpened', (channel) => {
      const isIn = (): boolean => this.#ports.isIn(peer) && this.#ports.sessionOf(peer) === session
      new DirectServer(channel, { clock: this.#ports.clock, lent: () => this.#lent, isIn, places: this.#places })
    })
  }

  /** The device of this member, while it is connected. Members give what they wrote themselves, so nobody else is asked. */
  nearer(author: PeerId): readonly NearSource[] {
    const session = this.#ports.isIn(author) ? this.#ports.sessionOf(author) : undefined
    return session === undefined ? [] : [this.#askerOf(session)]
  }

  /** From now on members get this, which never costs them a right: whoever is in may read everything. */
  lend(what: Pick<Source, 'read'>): Undo {
    this.#lent = what
    return () => {
      if (this.#lent === what) this.#lent = undefined
    }
  }

  #askerOf(session: PeerSession): DirectAsker {
    const known = this.#askers.get(session)
    if (known !== undefined) return known
    const scope = this.#ports.scope.child()
    session.on('stateChanged', ({ kind }) => {
      if (kind === 'closed') scope.end()
    })
    const asker = new DirectAsker({ clock: this.#ports.clock, open: () => session.openFiles() }, scope)
    this.#askers.set(session, asker)
    return asker
  }
}
