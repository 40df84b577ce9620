import { Capture } from './capture.ts'
import { Nat, type NatKind } from './nat.ts'
import type { Packet } from './packet.ts'
import { readPacket } from './packet.ts'
import { Path, type Quality, repeatable } from './path.ts'

/** How somebody is connected to the world. */
export interface Access extends Quality {
  readonly nat?: NatKind
  /** A firewall that lets nothing but TCP through. */
  readonly udp?: 'open' | 'blocked'
}

interface SiteOptions {
  readonly name: string
  readonly access: Access
  /** The address that the world sees. */
  readonly external: string
  readonly seed: number
  /** Where packets go that leave the site, and those that come in. */
  readonly toWorld: (packet: Packet) => void
  readonly toHost: (bytes: Buffer) => void
}

/**
 * A line from a host to the world: the cable inside, the router with its translator and firewall, the line outside.
 * Both segments are captured.
 */
export class Site {
  /** Between host and router: packets under the host's own address. */
  readonly inside: Capture
  /** Beyond the router: packets as the world sees them, before the line loses or delays them on their way in. */
  readonly outside: Capture
  readonly external: string
  readonly #options: SiteOptions
  readonly #nat: Nat
  readonly #up: Path
  readonly #down: Path
  #cut = false
  /** Packets that the firewall refused, or the translator for want of a mapping. */
  refused = 0

  constructor(options: SiteOptions) {
    const { name, access, external, seed, toHost } = options
    this.#options = options
    this.external = external
    this.inside = new Capture(`${name}, inside`)
    this.outside = new Capture(`${name}, outside`)
    this.#nat = new Nat(access.nat ?? 'none', external)
    this.#up = new Path(access, repeatable(seed), (bytes) => {
      const packet = readPacket(bytes)
      if (packet) options.toWorld(packet)
    })
    this.#down = new Path(access, repeatable(seed + 1), (bytes) => {
      const packet = readPacket(bytes)
      if (packet) this.inside.record(packet)
      toHost(bytes)
    })
  }

  /** Packets lost on the line by its quality. */
  get lost(): number {
    return this.#up.lost + this.#down.lost
  }

  fromHost(packet: Packet): void {
    this.inside.record(packet)
    const outbound = this.#passes(packet) ? this.#nat.outbound(packet) : undefined
    if (outbound === undefined) return this.#refuse()
    this.outside.record(outbound)
    this.#up.send(outbound.bytes)
  }

  fromWorld(packet: Packet): void {
    this.outside.record(packet)
    const inbound = this.#passes(packet) ? this.#nat.inbound(packet) : undefined
    if (inbound === undefined) return this.#refuse()
    this.#down.send(inbound.bytes)
  }

  /** Pulls the plug: nothing passes from now on, and nobody is told. */
  cut(): void {
    this.#cut = true
  }

  close(): void {
    this.#cut = true
    this.#up.close()
    this.#down.close()
  }

  #passes({ transport }: Packet): boolean {
    return !this.#cut && (this.#options.access.udp !== 'blocked' || transport === 'tcp')
  }

  #refuse(): void {
    this.refused += 1
  }
}
