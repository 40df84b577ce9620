import { endpointKey, type Packet } from './packet.ts'

/** The bytes of each TCP connection, one direction each, in the order in which they were sent. */
export function streamsOf(packets: readonly Packet[]): Buffer[] {
  const parts = new Map<string, Map<number, Buffer>>()
  const openings = new Map<string, number>()
  for (const { transport, source, destination, opens, sequence, payload } of packets) {
    if (transport !== 'tcp') continue
    const ends = `${endpointKey(source)} ${endpointKey(destination)}`
    if (opens) openings.set(ends, (openings.get(ends) ?? 0) + 1)
    if (payload.length === 0) continue
    const key = `${ends} ${openings.get(ends) ?? 0}`
    const stream = parts.get(key) ?? new Map<number, Buffer>()
    const known = stream.get(sequence)
    if (known === undefined || known.length < payload.length) stream.set(sequence, payload)
    parts.set(key, stream)
  }
  return [...parts.values()].map(inOrder)
}

function inOrder(parts: ReadonlyMap<number, Buffer>): Buffer {
  const first = [...parts.keys()][0] ?? 0
  // sequence numbers wrap: what counts is the distance to the first one
  const distance = (sequence: number): number => (sequence - first) | 0
  const sorted = [...parts].sort(([one], [other]) => distance(one) - distance(other))
  const bytes: Buffer[] = []
  let next = -Infinity
  for (const [sequence, part] of sorted) {
    const at = distance(sequence)
    const fresh = part.subarray(Math.max(0, Math.min(part.length, next - at)))
    bytes.push(fresh)
    next = Math.max(next, at + part.length)
  }
  return Buffer.concat(bytes)
}

/** What the frames of a WebSocket carry, in one piece and without the mask (RFC 6455, 5.2); undefined for others. */
export function webSocketPayload(stream: Buffer): Buffer | undefined {
  const headEnd = stream.indexOf('\r\n\r\n')
  if (headEnd < 0 || !/^upgrade: websocket/im.test(stream.subarray(0, headEnd).toString('latin1'))) return undefined
  const payloads: Buffer[] = []
  for (let at = headEnd + 4; at + 2 <= stream.length;) {
    const second = stream.readUInt8(at + 1)
    let length = second & 127
    at += 2
    if (length === 126 && at + 2 <= stream.length) {
      length = stream.readUInt16BE(at)
      at += 2
    } else if (length === 127 && at + 8 <= stream.length) {
      length = Number(stream.readBigUInt64BE(at))
      at += 8
    }
    const masked = (second & 128) !== 0
    const mask = stream.subarray(at, at + 4)
    if (masked) at += 4
    const payload = Buffer.from(stream.subarray(at, at + length))
    if (masked) for (let i = 0; i < payload.length; i += 1) payload[i] = (payload[i] ?? 0) ^ (mask[i % 4] ?? 0)
    payloads.push(payload)
    at += length
  }
  return Buffer.concat(payloads)
}
