import { utf8 } from '../../../src/bytes/index.ts'
import { AuthenticationError, CodecError } from '../../../src/errors/index.ts'
import {
  decrypt44,
  encrypt44,
  readEvent,
  readRelayMessage,
  signEvent,
  signerFromScalar,
} from '../../../src/nostr/index.ts'
import { webRandom } from '../../../src/runtime/platform/index.ts'
import { bytesOf, target, textOf } from '../target.ts'

const key = new Uint8Array(32).fill(7)
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new CodecError('bad-json', 'not JSON')
  }
}
