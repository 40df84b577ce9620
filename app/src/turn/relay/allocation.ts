import { Allowance, type Clock } from '@p2pigeon/core/node'
import type { TurnLimits } from '../limits.ts'
import { addressKey, type TransportAddress } from '../stun/index.ts'
import type { TurnClient } from './client.ts'

interface Channel {
  readonly number: number
  readonly peer: TransportAddress
  readonly peerKey: string
  expiresAt: number
}

/**
 * Whom a permission covers: all ports of an address (RFC 8656 section 9), or, where that address is one the server never
 * relays to, one relayed address of this server alone.
 */
export type PermissionScope = 'address' | 'exact'

export const permissionKey = (peer: TransportAddress, scope: PermissionScope): string =>
  scope === 'address' ? peer.address : addressKey(peer)

/** One allocation: its lifetime, permissions, channels and what it has relayed. Sockets are its owner's. */
export class Allocation {
  readonly client: TurnClient
  readonly username: string
  readonly relayed: TransportAddress
  readonly relayedKey: string
  readonly #limits: TurnLimits
  readonly #clock: Clock
  readonly #endsAt: number
  readonly #rate: Allowance
  readonly #permissions = new Map<string, number>()
  readonly #channels = new Map<number, Channel>()
  readonly #channelOf = new Map<string, Channel>()
  #expiresAt = 0
  #bytes = 0

  constructor(
    holder: { readonly client: TurnClient; readonly username: string; readonly relayed: TransportAddress },
    limits: TurnLimits,
    clock: Clock,
  ) {
    this.client = holder.client
    this.username = holder.username
    this.relayed = holder.relayed
    this.relayedKey = addressKey(holder.relayed)
    this.#limits = limits
    this.#clock = clock
    this.#endsAt = clock.now() + limits.maxAllocationAgeMs
    this.#rate = new Allowance(clock, limits.bytesPerSecond, limits.bytesPerSecond)
  }

  get expired(): boolean {
    return this.#clock.now() >= this.#expiresAt || this.spent
  }

  /** It has relayed all that one allocation may. */
  get spent(): boolean {
    return this.#bytes >= this.#limits.maxBytesPerAllocation
  }

  /** Grants a lifetime in ms: the default, or up to the largest that is asked for, and never beyond its greatest age. */
  refresh(askedMs: number | undefined): number {
    const { defaultLifetimeMs, maxLifetimeMs } = this.#limits
    const now = this.#clock.now()
    const wanted = Math.max(defaultLifetimeMs, Math.min(askedMs ?? defaultLifetimeMs, maxLifetimeMs))
    const granted = Math.max(0, Math.min(wanted, this.#endsAt - now))
    this.#expiresAt = now + granted
    return granted
  }

  /** Counts payload; false when it must be dropped. */
  meter(bytes: number): boolean {
    if (this.spent || !this.#rate.take(bytes)) return false
    this.#bytes += bytes
    return true
  }

  /** Installs or renews all of `keys`, or none when they are too many. */
  permit(keys: readonly string[]): boolean {
    this.#dropExpired()
    const fresh = new Set(keys.filter((key) => !this.#permissions.has(key)))
    if (this.#permissions.size + fresh.size > this.#limits.maxPermissionsPerAllocation) return false
    const expiresAt = this.#clock.now() + this.#limits.permissionMs
    for (const key of keys) this.#permissions.set(key, expiresAt)
    return true
  }

  permits(peer: TransportAddress, scope: PermissionScope): boolean {
    return (this.#permissions.get(permissionKey(peer, scope)) ?? 0) > this.#clock.now()
  }

  /** Binds or renews a channel. `conflict`: the number or the peer is bound otherwise (RFC 8656 section 12.2). */
  bind(number: number, peer: TransportAddress): 'bound' | 'conflict' | 'full' {
    this.#dropExpired()
    const peerKey = addressKey(peer)
    const expiresAt = this.#clock.now() + this.#limits.channelMs
    const byNumber = this.#channels.get(number)
    const byPeer = this.#channelOf.get(peerKey)
    if (byNumber !== byPeer) return 'conflict'
    if (byNumber !== undefined) {
      byNumber.expiresAt = expiresAt
      return 'bound'
    }
    if (this.#channels.size >= this.#limits.maxChannelsPerAllocation) return 'full'
    const channel: Channel = { number, peer, peerKey, expiresAt }
    this.#channels.set(number, channel)
    this.#channelOf.set(peerKey, channel)
    return 'bound'
  }

  peerOf(number: number): TransportAddress | undefined {
    const channel = this.#channels.get(number)
    return channel !== undefined && channel.expiresAt > this.#clock.now() ? channel.peer : undefined
  }

  channelOf(peer: TransportAddress): number | undefined {
    const channel = this.#channelOf.get(addressKey(peer))
    return channel !== undefined && channel.expiresAt > this.#clock.now() ? channel.number : undefined
  }

  #dropExpired(): void {
    const now = this.#clock.now()
    for (const [key, expiresAt] of this.#permissions) if (expiresAt <= now) this.#permissions.delete(key)
    for (const [number, { peerKey, expiresAt }] of this.#channels) {
      if (expiresAt > now) continue
      this.#channels.delete(number)
      this.#channelOf.delete(peerKey)
    }
  }
}
