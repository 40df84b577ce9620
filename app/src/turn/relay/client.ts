import type { TransportAddress } from '../stun/index.ts'

/** The client's side of a 5-tuple: where answers and data go. */
export interface TurnClient {
  /** Names the 5-tuple among all clients of this server. */
  readonly key: string
  /** As this server sees it: what XOR-MAPPED-ADDRESS says. */
  readonly address: TransportAddress
  /** Sends one message made of `parts`. Drops it when too much waits already. */
  send(...parts: readonly Uint8Array[]): void
}
