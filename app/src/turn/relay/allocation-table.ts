import { clientPrefix } from '../../platform/index.ts'
import type { TurnLimits } from '../limits.ts'
import { addressKey, type TransportAddress } from '../stun/index.ts'
import type { Allocation } from './allocation.ts'
import type { TurnClient } from './client.ts'
import type { RelaySocket } from './relay-socket.ts'

/** What a 5-tuple holds. `opening`: its relay socket is being bound; an allocation that may not be yet answers nothing. */
export type Slot =
  | { readonly kind: 'opening'; readonly username: string; readonly address: string }
  | {
      readonly kind: 'open'
      readonly username: string
      readonly address: string
      readonly allocation: Allocation
      readonly socket: RelaySocket
      /** The answer to the request that made it, for when that request comes again. */
      readonly transactionId: string
      readonly answer: Buffer
    }

export type OpenSlot = Extract<Slot, { kind: 'open' }>

/** Every allocation, by client and by relayed address, with the quotas of users and addresses. */
export class AllocationTable {
  readonly #limits: TurnLimits
  readonly #slots = new Map<string, Slot>()
  readonly #byRelayed = new Map<string, OpenSlot>()
  readonly #perUser = new Map<string, number>()
  readonly #perAddress = new Map<string, number>()

  constructor(limits: TurnLimits) {
    this.#limits = limits
  }

  get size(): number {
    return this.#slots.size
  }

  get(client: string): Slot | undefined {
    return this.#slots.get(client)
  }

  /** The allocation whose relayed address this is. */
  at(relayed: TransportAddress): OpenSlot | undefined {
    return this.#byRelayed.get(addressKey(relayed))
  }

  /** Takes a place, or says which quota is reached: the user's and the address's are 486, the server's 508. */
  reserve(client: TurnClient, username: string): 'reserved' | 486 | 508 {
    const { maxAllocations, maxAllocationsPerUser, maxAllocationsPerAddress } = this.#limits
    const address = clientPrefix(client.address.address)
    if ((this.#perUser.get(username) ?? 0) >= maxAllocationsPerUser) return 486
    if ((this.#perAddress.get(address) ?? 0) >= maxAllocationsPerAddress) return 486
    if (this.#slots.size >= maxAllocations) return 508
    this.#slots.set(client.key, { kind: 'opening', username, address })
    count(this.#perUser, username, 1)
    count(this.#perAddress, address, 1)
    return 'reserved'
  }

  /** Fills the place of `opening`; false when it was given up meanwhile: close the socket then. */
  open(opened: Omit<OpenSlot, 'kind' | 'username' | 'address'>): boolean {
    const key = opened.allocation.client.key
    const slot = this.#slots.get(key)
    if (slot?.kind !== 'opening') return false
    const open: OpenSlot = { ...opened, kind: 'open', username: slot.username, address: slot.address }
    this.#slots.set(key, open)
    this.#byRelayed.set(opened.allocation.relayedKey, open)
    return true
  }

  /** Frees a place and closes its socket. */
  remove(client: string): void {
    const slot = this.#slots.get(client)
    if (slot === undefined) return
    this.#slots.delete(client)
    count(this.#perUser, slot.username, -1)
    count(this.#perAddress, slot.address, -1)
    if (slot.kind === 'opening') return
    this.#byRelayed.delete(slot.allocation.relayedKey)
    slot.socket.close()
  }

  removeExpired(): void {
    for (const [client, slot] of this.#slots) {
      if (slot.kind === 'open' && slot.allocation.expired) this.remove(client)
    }
  }

  clear(): void {
    for (const client of [...this.#slots.keys()]) this.remove(client)
  }
}

function count(counts: Map<string, number>, name: string, change: number): void {
  const next = (counts.get(name) ?? 0) + change
  if (next > 0) counts.set(name, next)
  else counts.delete(name)
}
