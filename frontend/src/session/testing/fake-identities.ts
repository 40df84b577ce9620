import type { PeerId } from '@p2pigeon/core'
import { Store } from '../../state/index.ts'
import type { Identities, ShownIdentity } from '../identities.ts'

/** Identities as the test gives them. */
export class FakeIdentities implements Identities {
  readonly shown = new Store<ReadonlyMap<PeerId, ShownIdentity>>(new Map())
  /** Whose keys were accepted, oldest first. */
  readonly accepted: PeerId[] = []

  own = (): Promise<Uint8Array<ArrayBuffer> | undefined> => Promise.resolve(new Uint8Array([1]))

  accept = (peerId: PeerId): Promise<void> => {
    this.accepted.push(peerId)
    return Promise.resolve()
  }

  add = (peerId: PeerId): Promise<string> => Promise.resolve(`Contact ${peerId}`)
}
