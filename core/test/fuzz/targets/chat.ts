import { utf8 } from '../../../src/bytes/index.ts'
import { encodeLineFrame, inboxListKind, readLineFrame } from '../../../src/chat/line-frames.ts'
import { readDeed, rumorOfDeed, type Act } from '../../../src/chat/rumors.ts'
import { readRumor } from '../../../src/nostr/index.ts'
import { decodeCell, encodeCell } from '../../../src/signalling/carriers/nostr/cells.ts'
import { CodecError } from '../../../src/errors/index.ts'
import { bytesOf, target, textOf } from '../target.ts'

const [ada, ben] = ['a'.repeat(64), 'b'.repeat(64)]
const name = new Uint8Array(16).fill(5)
const key = new Uint8Array(32).fill(6)

function rumor(act: Act) {
  const common = { from: ada, members: [ada, ben], title: 'Plans', sentAtSeconds: 1_700_000_000, clock: 3 }
  return rumorOfDeed({ ...common, expiresAtSeconds: 1_800_000_000, act })
}

const acts: readonly Act[] = [
  { kind: 'text', content: 'hello', replyTo: 'c'.repeat(64) },
  {
    kind: 'file',
    replyTo: undefined,
    file: {
      url: 'https://node.example/blobs/1',
      name: 'cat.png',
      type: 'image/png',
      key: 'd'.repeat(64),
      nonce: 'e'.repeat(24),
      hash: 'f'.repeat(64),
      plainHash: 'a'.repeat(64),
      bytes: 300,
      isPadded: true,
      width: 40,
      height: 30,
    },
  },
  { kind: 'reaction', target: 'c'.repeat(64), emoji: '👍' },
  { kind: 'edit', target: 'c'.repeat(64), content: 'better' },
  { kind: 'removal', target: 'c'.repeat(64) },
  { kind: 'settings', lifetimeSeconds: 3_600 },
  { kind: 'receipt', targets: ['c'.repeat(64), 'd'.repeat(64)] },
]

export const deed = target({
  name: 'chat-deed',
  seeds: () => acts.map((act) => bytesOf(JSON.stringify(rumor(act)))),
  decode: (input) => readDeed(readRumor(parse(textOf(input)))),
  words: [
    '"kind":14',
    '["p","',
    '["e","',
    '["x","',
    '["name","',
    '["dim","9x9"]',
    '["clock","',
    '["expiration","',
    '["subject","',
  ],
})

export const lineFrame = target({
  name: 'chat-line-frame',
  seeds: () => [
    ...acts.map((act) => encodeLineFrame({ kind: 'rumor', rumor: rumor(act) })),
    encodeLineFrame({ kind: 'kept', id: 'c'.repeat(64) }),
    encodeLineFrame({ kind: 'typing', conversation: 'c'.repeat(64) }),
    encodeLineFrame({
      kind: 'inbox',
      list: {
        id: 'c'.repeat(64),
        pubkey: ada,
        created_at: 1_700_000_000,
        kind: inboxListKind,
        tags: [['relay', 'wss://relay.example']],
        content: '',
        sig: 'd'.repeat(128),
      },
    }),
  ],
  decode: (input) => readLineFrame(utf8(textOf(input))),
  words: ['"kind":"rumor"', '"kind":"kept"', '"id":"', '"kind":"inbox"', '"kind":10050'],
})

export const cell = target({
  name: 'nostr-cell',
  seeds: () => [
    encodeCell({ kind: 'seek', name, replyTo: key }),
    encodeCell({ kind: 'here', name, address: key }),
    encodeCell({ kind: 'open', name, replyTo: key }),
    encodeCell({ kind: 'data', name, seq: 7, bytes: new Uint8Array(20).fill(9) }),
    encodeCell({ kind: 'end', name, seq: 8 }),
    encodeCell({ kind: 'ack', name, next: 7, limit: 31 }),
    encodeCell({ kind: 'probe', name }),
  ],
  decode: (input) => decodeCell(input),
  encode: (read) => encodeCell(read),
  form: 'one',
})

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new CodecError('bad-json', 'not JSON')
  }
}
