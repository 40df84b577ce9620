type Bytes = Uint8Array<ArrayBuffer>

/** Bytes of a server's name on the bus, of a question's and of a stream's. */
export const nameBytes = 16
/** Bytes of the address of an announcement. */
export const addressBytes = 32

/** What signalling servers say to each other. `name` is the question's or the stream's. */
export type BusFrame =
  /** To a topic: who announces it? Answer `server`. */
  | { readonly kind: 'seek'; readonly name: Bytes; readonly server: Bytes }
  /** To whoever asked: these do, none or more. */
  | { readonly kind: 'here'; readonly name: Bytes; readonly addresses: readonly Bytes[] }
  /** To an address: a stream, please. */
  | { readonly kind: 'open'; readonly name: Bytes; readonly server: Bytes }
  | { readonly kind: 'opened'; readonly name: Bytes; readonly server: Bytes }
  | { readonly kind: 'data'; readonly name: Bytes; readonly bytes: Bytes }
  /** So many bytes were taken: as many more may come. */
  | { readonly kind: 'credit'; readonly name: Bytes; readonly count: number }
  /** Nothing more comes from this end. */
  | { readonly kind: 'end'; readonly name: Bytes }
  /** The stream is over for both, or was refused. */
  | { readonly kind: 'gone'; readonly name: Bytes }
  /** Means nothing; that it arrives, does. */
  | { readonly kind: 'alive'; readonly name: Bytes }

const kinds = ['seek', 'here', 'open', 'opened', 'data', 'credit', 'end', 'gone', 'alive'] as const

/** `u8 kind | 16 name | rest` */
export function encodeBusFrame(frame: BusFrame): Bytes {
  const rest = restOf(frame)
  const message = new Uint8Array(1 + nameBytes + rest.length)
  message[0] = kinds.indexOf(frame.kind)
  message.set(frame.name, 1)
  message.set(rest, 1 + nameBytes)
  return message
}

/** Undefined for what is no frame of ours: others may use the same bus. */
export function readBusFrame(message: Bytes): BusFrame | undefined {
  const kind = kinds[message[0] ?? kinds.length]
  if (kind === undefined || message.length < 1 + nameBytes) return undefined
  const name = message.slice(1, 1 + nameBytes)
  const rest = message.subarray(1 + nameBytes)
  switch (kind) {
    case 'seek':
    case 'open':
    case 'opened':
      return rest.length === nameBytes ? { kind, name, server: rest.slice() } : undefined
    case 'here':
      return rest.length % addressBytes === 0 ? { kind, name, addresses: split(rest) } : undefined
    case 'data':
      return rest.length > 0 ? { kind, name, bytes: rest } : undefined
    case 'credit':
      return rest.length === 4
        ? { kind, name, count: new DataView(rest.buffer, rest.byteOffset).getUint32(0) }
        : undefined
    case 'end':
    case 'gone':
    case 'alive':
      return rest.length === 0 ? { kind, name } : undefined
  }
}

function restOf(frame: BusFrame): Uint8Array {
  switch (frame.kind) {
    case 'seek':
    case 'open':
    case 'opened':
      return frame.server
    case 'here':
      return Buffer.concat(frame.addresses)
    case 'data':
      return frame.bytes
    case 'credit': {
      const bytes = new Uint8Array(4)
      new DataView(bytes.buffer).setUint32(0, frame.count)
      return bytes
    }
    case 'end':
    case 'gone':
    case 'alive':
      return new Uint8Array(0)
  }
}

function split(bytes: Bytes): Bytes[] {
  return Array.from({ length: bytes.length / addressBytes }, (_, index) =>
    bytes.slice(index * addressBytes, (index + 1) * addressBytes),
  )
}
