import { randomInt } from 'node:crypto'
import { type Endpoint, endpointKey, type Packet, readdress } from './packet.ts'

/**
 * How a translator chooses the port that the world sees (RFC 4787, section 4.1):
 * `cone` keeps one for each inner port, whomever it talks to (endpoint-independent mapping);
 * `symmetric` takes a new random one for each destination (address- and port-dependent mapping);
 * `none` is a host with a public address of its own.
 * Filtering is address- and port-dependent in both (section 5): nobody comes in who was not written to from inside.
 */
export type NatKind = 'none' | 'cone' | 'symmetric'

interface Mapping {
  readonly inner: Endpoint
  readonly outerPort: number
  readonly writtenTo: Set<string>
}

/** Mappings a translator holds: far more than one browser opens. They do not age; a lab lives for a minute. */
const maxMappings = 4_096

/** A network address and port translator for UDP and TCP. Other protocols do not pass. */
export class Nat {
  readonly #kind: NatKind
  readonly #external: string
  readonly #byInner = new Map<string, Mapping>()
  readonly #byOuter = new Map<string, Mapping>()

  constructor(kind: NatKind, external: string) {
    this.#kind = kind
    this.#external = external
  }

  /** A packet on its way out, as the world sees it; undefined when it may not pass. */
  outbound(packet: Packet): Packet | undefined {
    if (this.#kind === 'none') return packet
    if (packet.transport === 'other') return undefined
    const { transport, source, destination } = packet
    const theirs = endpointKey(destination)
    const ours = `${transport} ${endpointKey(source)}${this.#kind === 'symmetric' ? ` ${theirs}` : ''}`
    const mapping = this.#byInner.get(ours) ?? this.#open(transport, source, ours)
    if (mapping === undefined) return undefined
    mapping.writtenTo.add(theirs)
    return readdress(packet, { source: { address: this.#external, port: mapping.outerPort } })
  }

  /** A packet from the world as the host inside sees it; undefined for one that nobody inside has asked for. */
  inbound(packet: Packet): Packet | undefined {
    if (this.#kind === 'none') return packet
    const mapping = this.#byOuter.get(`${packet.transport} ${packet.destination.port}`)
    if (!mapping?.writtenTo.has(endpointKey(packet.source))) return undefined
    return readdress(packet, { destination: mapping.inner })
  }

  #open(transport: string, inner: Endpoint, key: string): Mapping | undefined {
    if (this.#byInner.size >= maxMappings) return undefined
    const taken = (port: number): boolean => this.#byOuter.has(`${transport} ${port}`)
    let outerPort = inner.port
    while (this.#kind === 'symmetric' || taken(outerPort)) {
      outerPort = randomInt(1_024, 65_536)
      if (!taken(outerPort)) break
    }
    const mapping = { inner, outerPort, writtenTo: new Set<string>() }
    this.#byInner.set(key, mapping)
    this.#byOuter.set(`${transport} ${outerPort}`, mapping)
    return mapping
  }
}
