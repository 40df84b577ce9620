import { finalizeEvent, verifyEvent } from 'nostr-tools'
import { expect, it } from 'vitest'
import { webRandom } from '../runtime/platform/index.ts'
import { eventId, isAddressedTo, isGenuine, readEvent, rumorOf, signEvent, tagValue, tagValues } from './event.ts'
import { freshSigner, signerFromScalar } from './signer.ts'

const scalar = new Uint8Array(32).fill(5)
const signer = signerFromScalar(scalar)
const template = { kind: 1, created_at: 1_700_000_000, tags: [['p', 'a'], ['e'], ['p', 'b', 'c']], content: 'é "\n\\' }
const genuine = () => signEvent(template, signer)
const badEvent = expect.objectContaining({ code: 'bad-event', name: 'CodecError' }) as Error

it('an independent client takes what we sign, and we what it signs', async () => {
  expect(verifyEvent({ ...(await genuine()), tags: template.tags })).toBe(true)
  const theirs = finalizeEvent({ ...template, tags: template.tags.map((tag) => [...tag]) }, scalar)
  const read = readEvent(JSON.parse(JSON.stringify(theirs)))
  expect(isGenuine(read)).toBe(true)
  expect(read.id).toBe((await genuine()).id)
})

it('C3: another id, body, signature or author is not genuine, whatever was verified before', async () => {
  const event = await genuine()
  const other = await signEvent({ ...template, content: 'other' }, signer)
  const stranger = freshSigner(webRandom)
  expect(isGenuine(event)).toBe(true)
  for (const forged of [
    { ...event, id: other.id },
    { ...event, content: 'other' },
    { ...event, created_at: event.created_at + 1 },
    { ...event, kind: 4 },
    { ...event, tags: [] },
    { ...event, sig: other.sig },
    { ...event, sig: '0'.repeat(128) },
    { ...event, pubkey: stranger.publicKey },
    // Its id fits, its signature is somebody else's.
    { ...rumorOf({ ...template, pubkey: stranger.publicKey }), sig: event.sig },
    { ...rumorOf({ ...template, pubkey: 'f'.repeat(64) }), sig: event.sig },
  ]) {
    expect(isGenuine(forged)).toBe(false)
  }
  expect(isGenuine(event)).toBe(true)
})

it('reads the fields of an event and nothing else', async () => {
  const event = await genuine()
  expect(readEvent({ ...event, extra: 1 })).toEqual(event)
  expect(readEvent(Object.assign(Object.create({ polluted: true }), event))).toEqual(event)
})

it.each([
  ['null', null],
  ['a text', 'event'],
  ['a list', []],
  ['an id in upper case', { id: 'A'.repeat(64) }],
  ['a short id', { id: 'a'.repeat(63) }],
  ['a number for an author', { pubkey: 7 }],
  ['a short signature', { sig: 'a'.repeat(126) }],
  ['a time with a fraction', { created_at: 1.5 }],
  ['a time before all', { created_at: -1 }],
  ['no time', { created_at: Number.NaN }],
  ['a kind too large', { kind: 65_536 }],
  ['no content', { content: undefined }],
  ['a content too long', { content: 'x'.repeat(131_073) }],
  ['tags that are none', { tags: 'p' }],
  ['an empty tag', { tags: [[]] }],
  ['a tag with a number', { tags: [['p', 7]] }],
  ['too many tags', { tags: Array.from({ length: 2_049 }, () => ['p']) }],
  ['too long tags', { tags: [['p', 'x'.repeat(131_073)]] }],
])('refuses %s', async (_name, change) => {
  const isWhole = typeof change !== 'object' || change === null || Array.isArray(change)
  const value: unknown = isWhole ? change : { ...(await genuine()), ...change }
  expect(() => readEvent(value)).toThrow(badEvent)
})

it('a field that is only inherited is not there', async () => {
  const event = await genuine()
  expect(() => readEvent(Object.create(event))).toThrow(badEvent)
})

it('finds tags', async () => {
  const event = await genuine()
  expect(tagValue(event, 'p')).toBe('a')
  expect(tagValues(event, 'p')).toEqual(['a', 'b'])
  expect(tagValue(event, 'e')).toBeUndefined()
  expect([signer.publicKey, 'b', 'c'].map((key) => isAddressedTo(event, key))).toEqual([true, true, false])
})

it('an id says nothing of what is no part of it', () => {
  const event = { ...template, pubkey: signer.publicKey }
  expect(eventId({ ...event, ...{ extra: 1 } })).toBe(eventId(event))
})
