import { createContext } from 'react'
import type { PeerId, Room } from '@p2pigeon/core'
import type { Readable } from '../state/index.ts'

/** Who stands behind a participant of a room, by the long-term identity that it shows there. */
export type ShownIdentity =
  /** Shown, and not read yet. */
  | { readonly kind: 'checking' }
  /** Genuine; nobody this user knows. */
  | { readonly kind: 'unknown' }
  /** `petname` as this user calls the contact. */
  | { readonly kind: 'contact'; readonly petname: string; readonly verified: boolean }
  /** The contact shows other keys than it had; nothing of it counts until the user accepts them. */
  | { readonly kind: 'changed'; readonly petname: string; readonly change: ShownChange }
  /** It was made for another room, by another device, or is damaged. */
  | { readonly kind: 'invalid' }
  /** This user, on another device. */
  | { readonly kind: 'self' }

/** What a contact's keys became. */
export interface ShownChange {
  /** Names of devices, as the contact wrote them. */
  readonly addedDevices: readonly string[]
  readonly removedDevices: readonly string[]
  /** Another identity altogether: the contact says that the old one is lost. */
  readonly replacesIdentity: boolean
  /** To be compared with the contact by another way; 60 digits. */
  readonly safetyNumber: string
}

/** Long-term identities in one room. */
export interface Identities {
  /**
   * By participant; who shows nothing is not in it. Participants that are held apart stay in it as long as they are held. A new map after each
   * change.
   */
  readonly shown: Readable<ReadonlyMap<PeerId, ShownIdentity>>
  /** This user's identity, signed for this room. Resolves with `undefined` where there is none to show. */
  readonly own: () => Promise<Uint8Array<ArrayBuffer> | undefined>
  /** The user has compared and accepts the keys that the participant shows. Resolves when it is kept. */
  readonly accept: (peerId: PeerId) => Promise<void>
  /** Makes whoever shows an unknown identity a contact; resolves with the name the contact has now. */
  readonly add: (peerId: PeerId) => Promise<string>
}

/** Makes the identities of a room; `undefined` where this page has none. */
export const IdentitiesContext = createContext<((room: Room) => Identities) | undefined>(undefined)
