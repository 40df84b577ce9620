import { utf8 } from '../../../src/bytes/index.ts'
import { letterKind, readLetter, sharedKey } from '../../../src/chat/legacy/letter.ts'
import { AuthenticationError, CodecError } from '../../../src/errors/index.ts'
import {
  decrypt44,
  encrypt04,
  encrypt44,
  npubOf,
  readEvent,
  readPublicKey,
  readRelayMessage,
  signEvent,
  signerFromScalar,
} from '../../../src/nostr/index.ts'
import { webRandom } from '../../../src/runtime/platform/index.ts'
import { bytesOf, target, textOf } from '../target.ts'

const key = new Uint8Array(32).fill(7)
const self = signerFromScalar(key)
const words = ['"tags":[[', '"p"', '"id":"', '"sig":"', '\\ud800', '__proto__', '1e3', '["EVENT","s",{', '["OK","']

function event() {
  const tags = [['p', 'a'.repeat(64)], ['e'], ['relay', 'wss://relay.example', '']]
  return signEvent({ kind: 14, created_at: 1_700_000_000, tags, content: 'é "hello"\n' }, signerFromScalar(key))
}

export const nostrEvent = target({
  name: 'nostr-event',
  seeds: async () => [bytesOf(JSON.stringify(await event()))],
  decode: (input) => readEvent(parse(textOf(input))),
  encode: (read) => utf8(JSON.stringify(read)),
  form: 'clean',
  words,
})

export const relayMessage = target({
  name: 'nostr-relay-message',
  seeds: async () =>
    [
      ['EVENT', 's1', await event()],
      ['EOSE', 's1'],
      ['CLOSED', 's1', 'auth-required: who are you?'],
      ['OK', 'a'.repeat(64), true, ''],
      ['AUTH', 'challenge'],
      ['NOTICE', 'hello'],
    ].map((message) => bytesOf(JSON.stringify(message))),
  decode: (input) => readRelayMessage(textOf(input)),
  words,
})

/** Nobody gets past the MAC by chance: this is about what happens before it. */
export const nostrPayload = target({
  name: 'nostr-payload',
  seeds: () => ['a', 'hello', 'x'.repeat(300)].map((text) => bytesOf(encrypt44(text, key, webRandom))),
  decode: (input) => decrypt44(textOf(input), key),
  refuses: [AuthenticationError],
})

export const publicKey = target({
  name: 'nostr-public-key',
  seeds: () => ['0', '7', 'a', 'f'].map((digit) => bytesOf(npubOf(digit.repeat(64)))),
  decode: (input) => readPublicKey(textOf(input)),
  words: ['npub1', 'nostr:', 'nsec1', 'q'.repeat(52)],
})

const peer = signerFromScalar(new Uint8Array(32).fill(8))

/** The signature is made anew: what is behind it is what this is about. */
export const legacyLetter = target({
  name: 'nostr-legacy-letter',
  seeds: async () => [bytesOf(await encrypt04('hello', await sharedKey(peer, self.publicKey), webRandom))],
  decode: async (input) => {
    const shared = await sharedKey(self, peer.publicKey)
    const unsigned = { kind: letterKind, created_at: 1_700_000_000, tags: [['p', self.publicKey]] }
    const sent = await signEvent({ ...unsigned, content: textOf(input) }, peer)
    return readLetter(sent, peer.publicKey, self.publicKey, shared, 1_700_000_000)
  },
  refuses: [AuthenticationError],
  words: ['?iv=', '=='],
})

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new CodecError('bad-json', 'not JSON')
  }
}
