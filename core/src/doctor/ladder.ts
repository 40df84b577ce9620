/** What is tried, in the order in which it is shown: from the shortest way to the longest. */
export const rungNames = ['direct', 'stun', 'turn-udp', 'turn-tcp', 'turn-tls', 'relay', 'dht'] as const
export type RungName = (typeof rungNames)[number]

export type RungFailure =
  /** The platform has no WebRTC, or a policy of it forbids it. */
  | 'webrtc-unavailable'
  /** WebRTC works and finds no network path of this device at all. */
  | 'no-candidates'
  /** Nothing came back in time: a firewall drops it, or the server is down. Browsers do not tell which. */
  | 'no-answer'
  | 'name-unresolved'
  /** 401, 438, 441: the server is reached and does not take the credentials. */
  | 'credentials-refused'
  /** 403: the server is reached and does not serve this client. */
  | 'forbidden'
  /** 486, 508: the server is reached and has no room left. */
  | 'over-quota'
  /** Any other error code of the server. */
  | 'server-error'
  /** The node answers neither on its WebSocket nor on HTTP. */
  | 'node-unreachable'
  /** HTTP to the node works, or was not tried; the WebSocket does not open. */
  | 'socket-refused'
  /** The WebSocket opens, and no frame of the relay comes through. */
  | 'no-welcome'

export type RungSkip =
  | 'not-configured'
  /** The node did not say which servers there are. */
  | 'ice-servers-unavailable'
  | 'relay-needed'

export type RungResult =
  | { readonly kind: 'passed'; readonly ms: number }
  | { readonly kind: 'failed'; readonly cause: RungFailure; readonly ms: number }
  | { readonly kind: 'skipped'; readonly why: RungSkip }

/** A finished check. */
export interface Ladder {
  /** Unix milliseconds. */
  readonly startedAtMs: number
  readonly rungs: Readonly<Record<RungName, RungResult>>
  /** Which DHT the relay is on; undefined if it was not reached. */
  readonly network: 'public' | 'local' | 'unknown' | undefined
}

/** A check under way: rungs that are not in it are still being tried. */
export type LadderProgress = Readonly<Partial<Record<RungName, RungResult>>>
