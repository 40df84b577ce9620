import fc from 'fast-check'
import { expect, test } from 'vitest'
import { concat, fromBase64url, fromHex, toBase64url, utf8 } from '../bytes/index.ts'
import { sha256 } from '../crypto/index.ts'
import { CodecError } from '../errors/index.ts'
import { privacyLevels } from '../ice/index.ts'
import { encodeRoomLink, linkCodeOf, parseRoomLink, standardPolicy, type RoomLink } from './index.ts'

// Frozen: computed once by an independent implementation.
const link: RoomLink = {
  roomId: Uint8Array.from({ length: 16 }, (_, index) => 0xa0 + index),
  secret: Uint8Array.from({ length: 32 }, (_, index) => 0x40 + index),
  hostFingerprint: fromHex('65ca3f1a03a1722c32b7636c05a1b557'),
  policy: standardPolicy,
  history: undefined,
}
const code = 'AQAAoKGio6SlpqeoqaqrrK2ur0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fZco_GgOhciwyt2NsBaG1VzpFWZU'

test('the code of a link is frozen, 95 characters long', async () => {
  expect(await encodeRoomLink(link)).toBe(code)
  expect(code.length).toBe(95)
  expect(await parseRoomLink(code)).toEqual(link)
})

test('the codes of a link with a history, and of an invite, are frozen', async () => {
  const anchor = Uint8Array.from({ length: 32 }, (_, index) => index)
  const token = Uint8Array.from({ length: 16 }, (_, index) => 0xf0 + index)
  const later = await encodeRoomLink({ ...link, history: { epoch: 3, anchor, token: undefined } })
  const invite = await encodeRoomLink({ ...link, history: { epoch: 3, anchor, token } })
  expect([later.length, invite.length]).toEqual([143, 164])
  expect([later, invite]).toMatchInlineSnapshot(`
    [
      "AgAAoKGio6SlpqeoqaqrrK2ur0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fZco_GgOhciwyt2NsBaG1VwAAAAMAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHzjM_NM",
      "AgAAoKGio6SlpqeoqaqrrK2ur0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fZco_GgOhciwyt2NsBaG1VwAAAAMAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eH_Dx8vP09fb3-Pn6-_z9_v8CF055",
    ]
  `)
})

test('a link returns from its code', async () => {
  const privacy = fc.constantFrom(...privacyLevels)
  const policies = fc.record({ privacy, constantRate: fc.boolean(), keepChat: fc.boolean() })
  const bytes = (length: number) =>
    fc.uint8Array({ minLength: length, maxLength: length }).map((value) => new Uint8Array(value))
  const token = fc.option(bytes(16), { nil: undefined })
  const history = fc.record({ epoch: fc.nat(0xffff_ffff), anchor: bytes(32), token })
  const histories = fc.option(history, { nil: undefined })
  await fc.assert(
    fc.asyncProperty(bytes(16), bytes(32), bytes(16), policies, histories, async (...parts) => {
      const [roomId, secret, hostFingerprint, policy, history] = parts
      const original = { roomId, secret, hostFingerprint, policy, history }
      expect(await parseRoomLink(`https://example.org/#/r/${await encodeRoomLink(original)}`)).toEqual(original)
    }),
  )
})

test.each([
  code,
  `#/r/${code}`,
  `https://example.org/#/r/${code}`,
  `http://localhost:5173/sub/path?x=1#/r/${code}`,
  ` \n\t<https://example.org/#/r/${code}>\r\n`,
  `"https://example.org/#/r/${code}"`,
  `“${code}”`,
  `'${code}'`,
  `\ufeff${code}\u00a0`,
])('the code is found in form %#', async (text) => {
  expect(linkCodeOf(text)).toBe(code)
  expect(await parseRoomLink(text)).toEqual(link)
})

test.each([
  ['nothing', '', 'link-missing'],
  ['white space', ' \n', 'link-missing'],
  ['an address without a code', 'https://example.org/', 'link-missing'],
  ['an address with another fragment', 'https://example.org/#/settings', 'link-missing'],
  ['an empty code', 'https://example.org/#/r/', 'link-missing'],
  ['a sentence', 'see you there', 'link-missing'],
  ['a book', 'a'.repeat(1_000_000), 'link-missing'],
  ['a shortened code', code.slice(0, 60), 'link-truncated'],
  ['half an address', `https://example.org/#/r/${code.slice(0, -1)}`, 'link-truncated'],
  ['a padded code', `${code}=`, 'link-damaged'],
  ['a code and a half', code + code.slice(0, 40), 'link-damaged'],
  ['two links', `https://example.org/#/r/${code}#/r/${code}`, 'link-damaged'],
  ['the other alphabet', `#/r/${code.replace('_', '/')}`, 'link-damaged'],
  ['a full stop behind it', `#/r/${code}.`, 'link-damaged'],
])('%s is refused', async (_name, text, expected) => {
  expect(await refusalOf(text)).toBe(expected)
})

test('every substitution, insertion, deletion and cut of one character is refused', async () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const refusals = new Map<string, number>()
  for (let at = 0; at < code.length; at++) {
    const [before, after] = [code.slice(0, at), code.slice(at + 1)]
    const variants = [before, before + after, ...[...'=.+ %é'].map((bad) => before + bad + after)]
    for (const letter of alphabet) {
      if (letter !== code.charAt(at)) variants.push(before + letter + after)
      variants.push(before + letter + code.slice(at))
    }
    for (const code of await Promise.all(variants.map(refusalOf))) refusals.set(code, (refusals.get(code) ?? 0) + 1)
  }
  expect([...refusals.keys()].sort()).toEqual(['link-damaged', 'link-missing', 'link-truncated'])
})

test.each([
  ['version 3', '030000', 68, 'link-version'],
  ['version 3, longer', '030000', 200, 'link-version'],
  ['version 0', '000000', 68, 'link-version'],
  ['an unknown privacy level', '010003', 68, 'link-version'],
  ['an unknown flag', '010010', 68, 'link-version'],
  ['the highest flag', '018000', 68, 'link-version'],
  ['version 1, too long', '010000', 71, 'link-damaged'],
  ['version 2, as long as version 1', '020000', 68, 'link-damaged'],
  ['version 2 with half a token', '020000', 112, 'link-damaged'],
  ['version 2 with an unknown flag', '020010', 104, 'link-version'],
])('an intact code of %s is refused', async (_name, head, length, expected) => {
  const body = new Uint8Array(length - 1)
  body.set(fromHex(head))
  const checksum = (await sha256(concat(utf8('p2pigeon/v1/link'), body))).subarray(0, 4)
  expect(await refusalOf(toBase64url(concat(body, checksum)))).toBe(expected)
})

test('every flag of a later version is refused, and every combination of ours taken', async () => {
  for (let flags = 0; flags < 0x10000; flags += flags < 0x40 ? 1 : 0x3f) {
    const body = new Uint8Array(67)
    body.set([1, flags >> 8, flags & 0xff])
    const checksum = (await sha256(concat(utf8('p2pigeon/v1/link'), body))).subarray(0, 4)
    const text = toBase64url(concat(body, checksum))
    if ((flags & 3) !== 3 && flags < 0x10) expect((await parseRoomLink(text)).policy.keepChat).toBe(flags >= 8)
    else expect(await refusalOf(text)).toBe('link-version')
  }
})

test('a future version with a wrong checksum is damaged, not future', async () => {
  const bytes = fromBase64url(code)
  bytes[0] = 3
  expect(await refusalOf(toBase64url(bytes))).toBe('link-damaged')
})

test('a refusal is a CodecError that holds no piece of the text', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', minLength: 4, maxLength: 120 }), async (text) => {
      const refusal = await refusalOf(`#/r/${text}`)
      expect(refusal).toMatch(/^link-(missing|truncated|damaged)$/)
    }),
  )
})

test('a link of the wrong form is not encoded', async () => {
  for (const wrong of [
    { ...link, roomId: new Uint8Array(15) },
    { ...link, secret: new Uint8Array(0) },
    { ...link, hostFingerprint: new Uint8Array(17) },
    { ...link, history: { epoch: 1, anchor: new Uint8Array(31), token: undefined } },
    { ...link, history: { epoch: 1, anchor: new Uint8Array(32), token: new Uint8Array(15) } },
  ]) {
    await expect(encodeRoomLink(wrong)).rejects.toMatchObject({ code: 'bad-link', name: 'UsageError' })
  }
})

async function refusalOf(text: string): Promise<string> {
  try {
    await parseRoomLink(text)
  } catch (error) {
    if (!(error instanceof CodecError)) throw error
    expect(error.cause).toBeUndefined()
    expect(error.message).toMatch(/^the (room link|text) [a-z ]+$/)
    return error.code
  }
  throw new Error('the link was accepted')
}
