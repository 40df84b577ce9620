import { TransportError } from '../../errors/index.ts'
import type { DirectAsker, ServePlaces } from '../../files/direct/index.ts'
import type { NearSource, Source } from '../../files/index.ts'
import type { PeerId } from '../../identity/index.ts'
import type { Scope, Undo } from '../../lifetime/index.ts'
import type { FileChannel, PeerSession } from '../../peer/index.ts'
import type { Clock } from '../../runtime/index.ts'

/** Loaded when somebody first asks: most rooms share no files. */
const loadDirect = () => import('../../files/direct/index.ts')

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
  readonly #sources = new WeakMap<PeerSession, NearSource>()
  #places: ServePlaces | undefined
  #lent: Pick<Source, 'read'> | undefined

  constructor(ports: DirectFilesPorts) {
    this.#ports = ports
  }

  /** Answers a member by its new session, whenever it asks. */
  follow(peer: PeerId, session: PeerSession): void {
    session.on('filesOpened', (channel) => {
      this.#serve(peer, session, channel).catch(() => {
        channel.close()
      })
    })
  }

  /** The device of this member, while it is connected. Members give what they wrote themselves, so nobody else is asked. */
  nearer(author: PeerId): readonly NearSource[] {
    const session = this.#ports.isIn(author) ? this.#ports.sessionOf(author) : undefined
    if (session === undefined) return []
    const source = this.#sources.get(session) ?? this.#sourceOf(session)
    this.#sources.set(session, source)
    return [source]
  }

  /** From now on members get this, which never costs them a right: whoever is in may read everything. */
  lend(what: Pick<Source, 'read'>): Undo {
    this.#lent = what
    return () => {
      if (this.#lent === what) this.#lent = undefined
    }
  }

  async #serve(peer: PeerId, session: PeerSession, channel: FileChannel): Promise<void> {
    const { DirectServer, ServePlaces } = await loadDirect()
    const { clock } = this.#ports
    const isIn = (): boolean => this.#ports.isIn(peer) && this.#ports.sessionOf(peer) === session
    this.#places ??= new ServePlaces()
    new DirectServer(channel, { clock, isIn, lent: () => this.#lent, places: this.#places })
  }

  #sourceOf(session: PeerSession): NearSource {
    let made: Promise<DirectAsker> | undefined
    const asker = (): Promise<DirectAsker> => {
      made ??= this.#askerOf(session).catch((cause: unknown) => {
        // What could not be loaded may be loaded the next time.
        made = undefined
        throw new TransportError('object-missing', 'this member cannot be asked', { cause })
      })
      return made
    }
    return {
      read: async (...what) => (await asker()).read(...what),
      gaveWrong: (...what) => void made?.then((one) => one.gaveWrong(...what)).catch(() => undefined),
    }
  }

  async #askerOf(session: PeerSession): Promise<DirectAsker> {
    const { DirectAsker } = await loadDirect()
    const scope = this.#ports.scope.child()
    if (session.state.kind === 'closed') scope.end()
    session.on('stateChanged', ({ kind }) => {
      if (kind === 'closed') scope.end()
    })
    return new DirectAsker({ clock: this.#ports.clock, open: () => session.openFiles() }, scope)
  }
}
