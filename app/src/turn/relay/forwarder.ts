import { randomBytes } from 'node:crypto'
import { Allowance, type Clock } from '@p2pigeon/core/node'
import type { TurnLimits } from '../limits.ts'
import {
  attributeTypes,
  channelHeader,
  encodeMessage,
  encodeXorAddress,
  methods,
  type TransportAddress,
} from '../stun/index.ts'
import type { AllocationTable, OpenSlot } from './allocation-table.ts'

const transactionIdBytes = 12

/** Moves payload between clients and peers. What may not pass is dropped without a word, as RFC 8656 wants it. */
export class Forwarder {
  readonly #table: AllocationTable
  readonly #all: Allowance
  relayedBytes = 0

  constructor(table: AllocationTable, limits: TurnLimits, clock: Clock) {
    this.#table = table
    this.#all = new Allowance(clock, limits.totalBytesPerSecond, limits.totalBytesPerSecond)
  }

  /**
   * From the client of `slot` to `peer`. To another relayed address of this server it goes in this process; an address of
   * the network needs a permission of its own kind, which forbidden addresses never get.
   */
  toPeer(slot: OpenSlot, peer: TransportAddress, data: Uint8Array): void {
    const neighbour = this.#table.at(peer)
    const permitted =
      slot.allocation.permits(peer, 'address') || (neighbour !== undefined && slot.allocation.permits(peer, 'exact'))
    if (!permitted || !this.#meter(slot, data.length)) return
    if (neighbour === undefined) slot.socket.send(data, peer)
    else this.toClient(neighbour, slot.allocation.relayed, data)
  }

  /** From `peer` to the client of `slot`: in its channel, or as a Data indication when it has none. */
  toClient(slot: OpenSlot, peer: TransportAddress, data: Uint8Array): void {
    const { allocation } = slot
    const permitted = allocation.permits(peer, 'address') || allocation.permits(peer, 'exact')
    if (!permitted || allocation.expired || !this.#meter(slot, data.length)) return
    const channel = allocation.channelOf(peer)
    if (channel !== undefined) {
      allocation.client.send(channelHeader(channel, data.length), data)
      return
    }
    const transactionId = randomBytes(transactionIdBytes)
    allocation.client.send(
      encodeMessage({
        class: 'indication',
        method: methods.data,
        transactionId,
        attributes: [
          { type: attributeTypes.xorPeerAddress, value: encodeXorAddress(peer, transactionId) },
          { type: attributeTypes.data, value: data },
        ],
      }),
    )
  }

  #meter(slot: OpenSlot, bytes: number): boolean {
    if (!slot.allocation.meter(bytes) || !this.#all.take(bytes)) return false
    this.relayedBytes += bytes
    return true
  }
}
