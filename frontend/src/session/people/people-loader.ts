import type { PeerId, Room } from '@p2pigeon/core'
import { Store, type Readable } from '../../state/index.ts'
import type { Identities, ShownIdentity } from '../identities.ts'
import type { People, PeoplePorts } from './people.ts'

/** Contacts and direct calls, loaded when they are wanted: no page waits for them to join a room. */
export class PeopleLoader {
  readonly #ports: PeoplePorts
  readonly #now = new Store<People | undefined>(undefined)
  #loading: Promise<People> | undefined
  #closed = false

  constructor(ports: PeoplePorts) {
    this.#ports = ports
  }

  /** `undefined` until they are there. */
  get now(): Readable<People | undefined> {
    return this.#now
  }

  /**
   * Waits for the vault to be unlocked. What failed is tried again when next asked.
   * @throws what a failed download throws, and the codes of core for contacts that cannot be read.
   */
  load(): Promise<People> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = undefined
      throw error
    })
    return this.#loading
  }

  /** Long-term identities in a room, at once; nobody is known by them before the contacts are there. */
  identitiesIn(room: Room): Identities {
    const shown = new Store<ReadonlyMap<PeerId, ShownIdentity>>(new Map())
    const loaded = this.load().then((people) => {
      const identities = people.identitiesIn(room)
      const follow = (): void => shown.set(identities.shown.get())
      identities.shown.subscribe(follow)
      follow()
      return identities
    })
    // Whoever shows or accepts an identity meets the failure.
    loaded.catch(() => undefined)
    return {
      shown,
      own: () => loaded.then((identities) => identities.own()),
      accept: (peerId) => loaded.then((identities) => identities.accept(peerId)),
      add: (peerId) => loaded.then((identities) => identities.add(peerId)),
    }
  }

  /** The page goes: nothing rings any more. */
  close(): void {
    this.#closed = true
    this.#now.get()?.close()
  }

  async #load(): Promise<People> {
    const { People: Loaded } = await import('./people.ts')
    const people = await Loaded.open(this.#ports)
    if (this.#closed) people.close()
    else this.#now.set(people)
    return people
  }
}
