import type { PeerId } from '../identity/index.ts'
import type { PrivacyLevel } from '../ice/index.ts'
import type { CarrierName } from '../signalling/index.ts'

/**
 * What one party can learn in this call now. Nobody but the participants learns contents: every path is end-to-end
 * encrypted, so there is no field for it.
 */
export interface Learns {
  /** This device's address. `local`: also its address inside its own network. */
  readonly address: 'no' | 'public' | 'local'
  /** When this device sends and receives, and how much. */
  readonly timing: boolean
  /** The addresses of those this device talks with; for an introducer, who they are. */
  readonly peers: boolean
  /** How many are in the room. `roughly`: what it can count without being in it. */
  readonly roomSize: 'no' | 'roughly' | 'exactly'
}

export type ExposureParty =
  | {
      readonly kind: 'participant'
      readonly peerId: PeerId
      readonly name: string
      /** How data reaches it: `direct`, by our relay, by its relay, or by both; `none` while there is no path. */
      readonly path: 'direct' | 'our-relay' | 'their-relay' | 'both-relays' | 'none'
      readonly learns: Learns
    }
  /**
   * A participant through whom this device meets others whom no road of its own leads to. It passes sealed frames on until those two are connected,
   * and while they have to negotiate; what it learns as a participant is told by its other entry.
   */
  | { readonly kind: 'introducer'; readonly peerId: PeerId; readonly name: string; readonly learns: Learns }
  /** A TURN server that carries traffic of this call, ours or a participant's. `host` is undefined where only the other end knows it. */
  | { readonly kind: 'turn'; readonly host: string | undefined; readonly learns: Learns }
  /** A STUN server that was asked for our public address. */
  | { readonly kind: 'stun'; readonly host: string; readonly learns: Learns }
  /** Who runs a road by which participants find each other. `host` is undefined on a device that is a DHT node itself, and before a road is taken. */
  | { readonly kind: 'carrier'; readonly road: CarrierName; readonly host: string | undefined; readonly learns: Learns }

/** Computed from the candidate pairs that are selected now, the candidates that were sent, and the carriers in use. */
export interface Exposure {
  readonly privacy: PrivacyLevel
  readonly parties: readonly ExposureParty[]
}
