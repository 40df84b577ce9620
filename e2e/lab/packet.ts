/** An address and a port, in the notation of people. */
export interface Endpoint {
  readonly address: string
  readonly port: number
}

/** An IPv4 packet: its bytes, and what a router looks at. Ports are those of UDP and TCP, else 0. */
export interface Packet {
  readonly bytes: Buffer
  readonly transport: 'udp' | 'tcp' | 'other'
  readonly source: Endpoint
  readonly destination: Endpoint
  readonly payload: Buffer
  /** Sequence number of TCP, and whether this packet opens the connection. */
  readonly sequence: number
  readonly opens: boolean
}

const tcp = 6
const udp = 17
const checksumAt = { tcp: 16, udp: 6 }

export const endpointKey = ({ address, port }: Endpoint): string => `${address}:${port}`

export const addressBytes = (address: string): Buffer => Buffer.from(address.split('.').map(Number))

export const addressText = (bytes: Uint8Array): string => bytes.join('.')

/** Reads a packet (RFC 791, 768, 9293); undefined for what is no whole IPv4 packet. Fragments count as `other`. */
export function readPacket(bytes: Buffer): Packet | undefined {
  if (bytes.length < 20 || bytes.readUInt8(0) >> 4 !== 4) return undefined
  const head = (bytes.readUInt8(0) & 15) * 4
  const length = bytes.readUInt16BE(2)
  if (head < 20 || length < head || length > bytes.length) return undefined
  const whole = bytes.subarray(0, length)
  const body = whole.subarray(head)
  const protocol = whole.readUInt8(9)
  const fragment = (whole.readUInt16BE(6) & 0x3fff) !== 0
  const transport =
    !fragment && protocol === udp && body.length >= 8
      ? 'udp'
      : !fragment && protocol === tcp && body.length >= 20
        ? 'tcp'
        : 'other'
  const port = (at: number): number => (transport === 'other' ? 0 : body.readUInt16BE(at))
  const bodyHead = transport === 'udp' ? 8 : transport === 'tcp' ? (body.readUInt8(12) >> 4) * 4 : 0
  return {
    bytes: whole,
    transport,
    source: { address: addressText(whole.subarray(12, 16)), port: port(0) },
    destination: { address: addressText(whole.subarray(16, 20)), port: port(2) },
    payload: body.subarray(bodyHead),
    sequence: transport === 'tcp' ? body.readUInt32BE(4) : 0,
    opens: transport === 'tcp' && (body.readUInt8(13) & 0x02) !== 0,
  }
}

/** The packet with other ends and sums that fit; also how a packet whose sums were left to the hardware gets them. */
export function readdress(packet: Packet, ends: { source?: Endpoint; destination?: Endpoint } = {}): Packet {
  const bytes = Buffer.from(packet.bytes)
  const { source = packet.source, destination = packet.destination } = ends
  addressBytes(source.address).copy(bytes, 12)
  addressBytes(destination.address).copy(bytes, 16)
  const head = (bytes.readUInt8(0) & 15) * 4
  bytes.writeUInt16BE(0, 10)
  bytes.writeUInt16BE(onesComplement(sum(bytes.subarray(0, head))), 10)
  if (packet.transport !== 'other') {
    const body = bytes.subarray(head)
    const at = checksumAt[packet.transport]
    body.writeUInt16BE(source.port, 0)
    body.writeUInt16BE(destination.port, 2)
    body.writeUInt16BE(0, at)
    const pseudo = sum(bytes.subarray(12, 20)) + (packet.transport === 'udp' ? udp : tcp) + body.length
    // a sum of 0 would mean “no sum” (RFC 768)
    body.writeUInt16BE(onesComplement(pseudo + sum(body)) || 0xffff, at)
  }
  return readPacket(bytes) ?? packet
}

function sum(bytes: Buffer): number {
  let total = 0
  for (let at = 0; at + 1 < bytes.length; at += 2) total += bytes.readUInt16BE(at)
  return bytes.length % 2 === 1 ? total + bytes.readUInt8(bytes.length - 1) * 256 : total
}

function onesComplement(total: number): number {
  let folded = total
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000)
  return ~folded & 0xffff
}
