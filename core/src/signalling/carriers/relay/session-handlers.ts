import type { CarrierStream } from '../../carrier.ts'
import type { Network } from './wire/index.ts'

type Key = Uint8Array<ArrayBuffer>

export interface SessionHandlers {
  /** The socket is open: requests may be sent, the welcome follows. */
  opened(): void
  /** The relay has said its version and network; again when the network changes. */
  ready(network: Network): void
  goingAway(): void
  /** Exactly once; everything that was asked for or open has been told of it before. */
  closed(): void
}

export interface AnnounceHandlers {
  announced(publicKey: Key): void
  incoming(stream: CarrierStream): void
}

export interface LookupHandlers {
  peer(publicKey: Key): void
  done(): void
  lost(): void
}
