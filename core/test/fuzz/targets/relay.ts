import { decodeFrame, encodeFrame, type Frame } from '../../../src/signalling/carriers/relay/wire/index.ts'
import { decodeMemberFrame, encodeMemberFrame, type MemberFrame } from '../../../src/signalling/carriers/member/wire.ts'
import { target } from '../target.ts'

const key = new Uint8Array(32).fill(7)

/** Both directions: a relay reads what a browser says, a browser what a relay says, with one decoder. */
const frames: readonly Frame[] = [
  { type: 'hello', minors: { min: 0, max: 1 }, windowBytes: 65_536 },
  {
    type: 'welcome',
    minors: { min: 0, max: 0 },
    network: 'public',
    keepaliveMs: 30_000,
    windowBytes: 65_536,
    maxDataBytes: 16_384,
    maxStreams: 32,
    maxAnnouncements: 8,
    maxLookups: 8,
  },
  { type: 'network', network: 'local' },
  { type: 'announce', id: 1, topic: key },
  { type: 'announced', id: 1, publicKey: key },
  { type: 'unannounce', id: 1 },
  { type: 'lookup', id: 2, topic: key },
  { type: 'peer', id: 2, publicKey: key },
  { type: 'done', id: 2 },
  { type: 'cancel', id: 2 },
  { type: 'connect', id: 3, publicKey: key },
  { type: 'open', id: 3 },
  { type: 'refused', id: 3, code: 'limit' },
  { type: 'incoming', id: 0x8000_0000, announceId: 1 },
  { type: 'data', id: 3, bytes: key },
  { type: 'ack', id: 3, credit: 32 },
  { type: 'close', id: 3 },
  { type: 'ping', id: 0 },
  { type: 'pong', id: 4 },
  { type: 'going-away' },
]

/** Later versions may add to `hello` and `welcome`, and codes of refusal: those come out as we know them. */
export const relayFrame = target({
  name: 'relay-frame',
  seeds: () => frames.map(encodeFrame),
  decode: decodeFrame,
  encode: encodeFrame,
  form: 'clean',
})

const stream = new Uint8Array(16).fill(3)

const memberFrames: readonly MemberFrame[] = [
  { kind: 'standing', topics: [key] },
  { kind: 'offers', offers: [{ topic: key, members: [key, key] }] },
  { kind: 'dial', stream, topic: key, to: key },
  { kind: 'incoming', stream, topic: key },
  { kind: 'data', stream, bytes: key },
  { kind: 'credit', stream, count: 9 },
  { kind: 'end', stream, unreachable: true },
]

export const memberFrame = target({
  name: 'member-frame',
  seeds: () => memberFrames.map(encodeMemberFrame),
  decode: decodeMemberFrame,
  encode: encodeMemberFrame,
})
