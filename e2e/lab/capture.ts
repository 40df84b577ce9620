import { addressBytes, endpointKey, type Packet } from './packet.ts'
import { isChannelData, isStun, readStun, splitTurnStream } from './stun.ts'
import { streamsOf, webSocketPayload } from './streams.ts'

/** Bytes kept of one segment: several minutes of a call. A capture that forgot something would prove nothing. */
const maxBytes = 512 * 1024 * 1024

/** Everything that passed one segment, both ways, for a search such as a patient observer makes. */
export class Capture {
  readonly name: string
  readonly #packets: Packet[] = []
  #bytes = 0

  constructor(name: string) {
    this.name = name
  }

  record(packet: Packet): void {
    this.#bytes += packet.bytes.length
    this.#packets.push(packet)
  }

  /** @throws {Error} when more passed than a capture holds. */
  get packets(): readonly Packet[] {
    if (this.#bytes > maxBytes) throw new Error(`More passed ${this.name} than a capture holds`)
    return this.#packets
  }

  /** Forgets what has passed so far. */
  clear(): void {
    this.#packets.length = 0
    this.#bytes = 0
  }

  /** Addresses in the heads of the packets. */
  get addresses(): Set<string> {
    return new Set(this.packets.flatMap(({ source, destination }) => [source.address, destination.address]))
  }

  /** True if these bytes passed in a payload: in a datagram, in a stream across its packets, behind a mask. */
  carried(needle: string | Uint8Array): boolean {
    const wanted = Buffer.from(needle)
    return this.#payloads().some((payload) => payload.includes(wanted))
  }

  /**
   * Where an address shows: in heads, as text, in STUN (plain or XORed), as four bytes in a stream. Four bytes are not
   * looked for in encrypted media, where chance puts any four into some megabytes.
   */
  mentions(address: string): string[] {
    const stun = this.#stunAddresses()
    const bytes = addressBytes(address)
    const found = {
      head: this.addresses.has(address),
      // 10.0.0.1 is not in 110.0.0.12
      text: this.#payloads().some((payload) => holdsText(payload, address)),
      stun: stun.has(address),
      bytes: this.#plainStreams().some((stream) => stream.includes(bytes)),
    }
    return Object.entries(found).flatMap(([where, shows]) => (shows ? [where] : []))
  }

  /** Pairs of ends with the bytes that went between them, messages of STUN that carry nothing left out. */
  flows(): Map<string, number> {
    const flows = new Map<string, number>()
    for (const { transport, source, destination, payload } of this.packets) {
      if (transport === 'other' || (isStun(payload) && readStun(payload).data.length === 0)) continue
      const ends = `${transport} ${endpointKey(source)} ${endpointKey(destination)}`
      flows.set(ends, (flows.get(ends) ?? 0) + payload.length)
    }
    return flows
  }

  #payloads(): Buffer[] {
    const streams = streamsOf(this.packets)
    const unmasked = streams.flatMap((stream) => webSocketPayload(stream) ?? [])
    return [...this.#datagrams(), ...streams, ...unmasked]
  }

  #datagrams(): Buffer[] {
    return this.packets.flatMap(({ transport, payload }) => (transport === 'tcp' ? [] : [payload]))
  }

  /** Streams that are not TURN, where four bytes are either a find or one chance in billions for each byte. */
  #plainStreams(): Buffer[] {
    const streams = streamsOf(this.packets).filter((stream) => splitTurnStream(stream) === undefined)
    return streams.map((stream) => webSocketPayload(stream) ?? stream)
  }

  #stunAddresses(): Set<string> {
    const found = new Set<string>()
    const turn = streamsOf(this.packets).flatMap((stream) => splitTurnStream(stream) ?? [])
    const waiting = [...this.#datagrams(), ...turn]
    for (let message = waiting.pop(); message !== undefined; message = waiting.pop())
      if (isStun(message)) {
        const { addresses, data } = readStun(message)
        for (const address of addresses) found.add(address)
        waiting.push(...data)
      } else if (isChannelData(message)) waiting.push(message.subarray(4))
    return found
  }
}

function holdsText(payload: Buffer, address: string): boolean {
  const digit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57
  for (let at = payload.indexOf(address); at >= 0; at = payload.indexOf(address, at + 1))
    if (!digit(payload[at - 1]) && !digit(payload[at + address.length])) return true
  return false
}
