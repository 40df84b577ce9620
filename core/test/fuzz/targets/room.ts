import { decodeEntry, encodeBody } from '../../../src/control-log/codec.ts'
import { decodeMessage, encodeMessage, type ComparisonMessage } from '../../../src/comparison/wire.ts'
import { toHex } from '../../../src/bytes/index.ts'
import type { Commitment, EntryBody, EntryHash, Operation } from '../../../src/control-log/entry.ts'
import { driveRecordBytes } from '../../../src/files/index.ts'
import { peerIdOf, type PeerId } from '../../../src/identity/index.ts'
import { CellPipe, cellBytes } from '../../../src/peer/cell-pipe.ts'
import { decodeSignal, encodeSignal, type Signal } from '../../../src/peer/signal.ts'
import { decodeKeptChat, encodeKeptChat, type KeptMessage } from '../../../src/room/chat/kept-chat.ts'
import { decodeChatFrame, encodeChatFrame, type ChatFrame } from '../../../src/room/chat/wire.ts'
import { decodeControl, encodeControl, type Control } from '../../../src/room/control.ts'
import { decodeHello, encodeHello } from '../../../src/room/hello.ts'
import { decodeMemory, encodeMemory } from '../../../src/room/memory.ts'
import { Scope } from '../../../src/lifetime/index.ts'
import { webRandom } from '../../../src/runtime/platform/index.ts'
import type { MessageFile } from '../../../src/room/view.ts'
import { FakeClock } from '../../../src/testing/index.ts'
import { target } from '../target.ts'

const bytes = (length: number, value = 7) => new Uint8Array(length).fill(value)
const peer = (value: number) => peerIdOf(bytes(32, value))
const entryHash = (value: number) => toHex(bytes(32, value)) as EntryHash
const commitment = toHex(bytes(32, 5)) as Commitment
const roomId = bytes(16, 1)

const operations: readonly Operation[] = [
  { kind: 'entry', mode: 'knock', members: [peer(1), peer(2)] },
  { kind: 'admit', peer: peer(3), invite: undefined },
  { kind: 'admit', peer: peer(3), invite: commitment },
  { kind: 'mute', peer: peer(3), muted: true },
  { kind: 'cohost', peer: peer(3), on: true },
  { kind: 'rekey', commitment, members: [peer(1)], removed: undefined },
  { kind: 'rekey', commitment, members: [peer(1), peer(2)], removed: { peer: peer(3), ban: true } },
  { kind: 'invite', invite: commitment, maxUses: 3, expiresAtMs: 1_700_000_000_000 },
  { kind: 'revoke-invite', invite: commitment },
  { kind: 'end' },
  {
    kind: 'files',
    peer: peer(3),
    right: 'reader',
    cuts: [
      { drive: entryHash(1), batches: 3, head: entryHash(2) },
      { drive: entryHash(1), batches: 9, head: entryHash(3) },
    ],
  },
]

export const logEntry = target({
  name: 'log-entry',
  seeds: () =>
    operations.map((operation, index) => {
      const parents = index % 2 === 0 ? [] : [entryHash(3), entryHash(4)]
      const body: EntryBody = {
        author: peer(9),
        seq: 1 + index,
        previous: entryHash(2),
        parents,
        lamport: 5,
        timeMs: 1_700_000_000_000,
        operation,
      }
      return Buffer.concat([encodeBody(roomId, body), bytes(64)])
    }),
  decode: (input) => decodeEntry(roomId, input),
  encode: ({ body, signature }) => Buffer.concat([encodeBody(roomId, body), signature]),
})

const controls: readonly Control[] = [
  { kind: 'presence', name: 'Ada', media: { microphone: 'on', camera: 'off', screen: 'off' }, handRaised: true },
  { kind: 'heads', heads: [entryHash(1), entryHash(2)] },
  { kind: 'entries', entries: [bytes(200), bytes(3)] },
  { kind: 'secrets', secrets: { origin: bytes(32), fresh: new Map([[entryHash(1), bytes(32, 8)]]) } },
  { kind: 'secrets', secrets: { origin: undefined, fresh: new Map() } },
  { kind: 'comparison', message: bytes(65) },
  { kind: 'presentation', presentation: bytes(300) },
  { kind: 'introduction', frame: bytes(40) },
  {
    kind: 'masters',
    masters: [
      { epoch: 0, secret: bytes(32) },
      { epoch: 3, secret: bytes(32, 9) },
    ],
  },
  { kind: 'drives', records: [bytes(driveRecordBytes)] },
]

/** Names come out clean, and of two secrets for one entry the last counts. */
export const control = target({
  name: 'control',
  seeds: () => controls.map((one) => encodeControl(one)),
  decode: decodeControl,
  encode: encodeControl,
  form: 'clean',
})

export const hello = target({
  name: 'hello',
  seeds: () =>
    [undefined, bytes(16)].map((token) =>
      encodeHello({ instance: bytes(16), joinedAtMs: 1_700_000_000_000, media: true, host: false, name: 'Ada', token }),
    ),
  decode: decodeHello,
  encode: encodeHello,
  form: 'clean',
})

export const memory = target({
  name: 'room-memory',
  seeds: () =>
    [undefined, bytes(32)].map((origin) =>
      encodeMemory({
        secrets: { origin, fresh: new Map([[entryHash(1), bytes(32)]]) },
        entries: [bytes(150), bytes(9)],
      }),
    ),
  decode: decodeMemory,
  encode: encodeMemory,
  form: 'clean',
})

const messageFiles: readonly MessageFile[] = [
  { id: '0b'.repeat(16), name: 'Grüße 🐦.png', sizeBytes: 5_000_000_000, mediaType: 'image/png' },
  { id: 'ff'.repeat(16), name: '_', sizeBytes: 0, mediaType: '' },
]

const origin = { instance: bytes(16), seq: 9 }
const chatFrames: readonly ChatFrame[] = [
  { kind: 'message', seq: 1, lamport: 9, sentAtMs: 1_700_000_000_000, content: 'Grüße 🐦', files: [] },
  { kind: 'message', seq: 2, lamport: 10, sentAtMs: 0, content: '', files: messageFiles },
  { kind: 'ack', seq: 7 },
  { kind: 'again', seq: 3, lamport: 4, sentAtMs: 5, content: 'again', files: messageFiles, origin },
]

/** What is said of files comes out clean. */
export const chat = target({
  name: 'chat',
  seeds: () => chatFrames.map((frame) => encodeChatFrame(frame)),
  decode: decodeChatFrame,
  encode: (frame) => encodeChatFrame(frame),
  form: 'clean',
})

const keptMessage: KeptMessage = {
  from: 'a'.repeat(43) as PeerId,
  instance: '0a'.repeat(16),
  seq: 1,
  lamport: 9,
  sentAtMs: 1_700_000_000_000,
  fromName: 'Ada',
  content: 'Grüße 🐦',
  files: [],
  read: false,
  sent: undefined,
}

/** The same as in a frame. */
export const keptChat = target({
  name: 'kept-chat',
  seeds: () => [
    encodeKeptChat([]),
    encodeKeptChat([
      keptMessage,
      { ...keptMessage, content: '', files: messageFiles },
      { ...keptMessage, read: true, sent: { acknowledged: 2, waiting: ['b'.repeat(43) as PeerId] } },
    ]),
  ],
  decode: decodeKeptChat,
  encode: encodeKeptChat,
  form: 'clean',
})

const signals: readonly Signal[] = [
  { kind: 'description', type: 'offer', number: 1, sdp: 'v=0\r\n', tracks: [{ mid: '0', source: 'camera' }] },
  { kind: 'description', type: 'answer', number: 1, sdp: '', tracks: [] },
  { kind: 'candidate', mid: '0', candidate: 'candidate:1 1 udp 1 192.0.2.1 5000 typ srflx', usernameFragment: 'abcd' },
]

export const signal = target({
  name: 'signal',
  seeds: () => signals.map(encodeSignal),
  decode: decodeSignal,
  encode: encodeSignal,
})

const comparisons: readonly ComparisonMessage[] = [
  { kind: 'commit', round: bytes(32), attempt: 1, commitment: bytes(32, 9) },
  { kind: 'reveal', round: bytes(32), attempt: 1, reveal: { nonce: bytes(32), claims: new Map() } },
  {
    kind: 'reveal',
    round: bytes(32),
    attempt: 2,
    reveal: { nonce: bytes(32), claims: new Map([1, 2].map((key) => [toHex(bytes(32, key)), bytes(32)])) },
  },
]

export const comparison = target({
  name: 'comparison',
  seeds: () => comparisons.map(encodeMessage),
  decode: decodeMessage,
  encode: encodeMessage,
})

/** Contents of cells that follow each other: u8 length and content, which is put into a cell with right length and zeros. */
export const cells = target({
  name: 'cells',
  seeds: () => [
    Uint8Array.of(7, 0, 1, 0, 3, 1, 2, 3),
    Uint8Array.of(6, 1, 0, 0, 2, 1, 2, 9, 1, 1, 0, 1, 3, 0, 1, 0, 0),
    Uint8Array.of(0, 0),
  ],
  decode: (input) => {
    const received: Uint8Array[] = []
    const scope = new Scope()
    const pipe = new CellPipe({
      clock: new FakeClock(),
      random: webRandom,
      scope,
      heldBytes: () => 0,
      sendCell: () => undefined,
      received: (_stream, message) => received.push(message),
    })
    try {
      for (let at = 0; at < input.length;) {
        const length = input[at] ?? 0
        const content = input.slice(at + 1, at + 1 + length)
        const cell = new Uint8Array(cellBytes)
        new DataView(cell.buffer).setUint16(0, content.length)
        cell.set(content, 2)
        pipe.receive(cell)
        at += 1 + length
      }
    } finally {
      scope.end()
    }
    return received
  },
})

/** One cell as it comes. */
export const cell = target({
  name: 'cell',
  seeds: () => [new Uint8Array(cellBytes)],
  maxLength: cellBytes,
  decode: (input) => {
    const scope = new Scope()
    const ports = { clock: new FakeClock(), random: webRandom, scope }
    try {
      new CellPipe({ ...ports, heldBytes: () => 0, sendCell: () => undefined, received: () => undefined }).receive(
        input,
      )
    } finally {
      scope.end()
    }
    return undefined
  },
})
