import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { card, record } from '../../test/contacts.ts'
import { fromBase64url, toBase64url } from '../bytes/index.ts'
import { sha256 } from '../crypto/index.ts'
import { AuthenticationError, CodecError } from '../errors/index.ts'
import { cleanPetname, encodeCard, readCard, type ContactCard } from './index.ts'

const ada = await card(1, 'Ada')
const code = await encodeCard(ada)

/** A code whose checksum holds, whatever is in it. */
async function codeOf(body: Uint8Array): Promise<string> {
  const digest = await sha256(Buffer.concat([Buffer.from('p2pigeon/v1/card'), body]))
  return toBase64url(Buffer.concat([body, digest.subarray(0, 4)]))
}

describe('a contact card', () => {
  it.each([
    ['the bare code', code],
    ['a fragment', `#/c/${code}`],
    ['an address', `https://pigeon.example.org/app/?x=1#/c/${code}`],
    ['what a mail program leaves', `  <https://pigeon.example.org/#/c/${code}>\n`],
  ])('is read from %s', async (_, text) => {
    expect(await readCard(text)).toEqual(ada)
  })

  it('survives the round trip with any name, and fits a text of 6,144 characters', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 80 }), async (written) => {
        const one: ContactCard = { name: cleanPetname(written), record: ada.record }
        expect(await readCard(await encodeCard(one))).toEqual(one)
      }),
      { numRuns: 50 },
    )
    const name = '💻'.repeat(64)
    const large = { name, record: await record(1, 1, [1, 2, 3, 4, 5, 6, 7, 8]) }
    expect(await readCard(`https://${'a'.repeat(200)}.org/#/c/${await encodeCard(large)}`)).toEqual(large)
  })

  it.each(['', ' Ada', 'A\nda', 'A\u202eda', 'x'.repeat(65)])('is not made for the name %j', async (name) => {
    await expect(encodeCard({ ...ada, name })).rejects.toMatchObject({ code: 'bad-card' })
  })
})

describe('what is no contact card', () => {
  it.each([
    ['card-missing', ''],
    ['card-missing', 'https://pigeon.example.org/'],
    ['card-missing', `https://pigeon.example.org/#/r/${code}`],
    ['card-missing', 'a'.repeat(7_000)],
    ['card-truncated', code.slice(0, 200)],
    ['card-damaged', code.slice(0, -1)],
    ['card-damaged', `${code.slice(0, 50)}!${code.slice(51)}`],
    ['card-damaged', `${code.slice(0, 50)}${code[50] === 'A' ? 'B' : 'A'}${code.slice(51)}`],
  ])('%s', async (expected, text) => {
    await expect(readCard(text)).rejects.toMatchObject({ code: expected })
  })

  it('a later version is told from damage', async () => {
    const body = fromBase64url(code).slice(0, -4)
    body[0] = 2
    await expect(readCard(await codeOf(body))).rejects.toMatchObject({ code: 'card-version' })
  })

  it('A8: a record that its owner did not sign is refused, whatever the checksum says', async () => {
    const body = fromBase64url(code).slice(0, -4)
    body[60] = (body[60] ?? 0) ^ 1
    await expect(readCard(await codeOf(body))).rejects.toBeInstanceOf(AuthenticationError)
  })

  it('a name that could imitate the page is refused', async () => {
    const body = fromBase64url(code).slice(0, -4)
    body[body.length - 1] = 10
    await expect(readCard(await codeOf(body))).rejects.toMatchObject({ code: 'card-damaged' })
  })

  it('garbage with a true checksum is a typed error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 204, maxLength: 400 }), async (body) => {
        body[0] = 1
        const read = readCard(await codeOf(body))
        await read.then(
          () => expect.unreachable(),
          (error: unknown) => {
            expect(error instanceof CodecError || error instanceof AuthenticationError).toBe(true)
          },
        )
      }),
      { numRuns: 100 },
    )
  })
})
