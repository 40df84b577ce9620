import { expect, it } from 'vitest'
import { signerFromScalar, signEvent, type NostrEvent } from '../../nostr/index.ts'
import { webRandom } from '../../runtime/platform/index.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { readLetter, sharedKey, writeLetter } from './letter.ts'

const [ada, ben, eve] = [1, 2, 3].map((byte) => signerFromScalar(new Uint8Array(32).fill(byte)))
if (ada === undefined || ben === undefined || eve === undefined) throw new Error('three people')
const nowSeconds = 1_700_000_000
const ports = { clock: new FakeClock(nowSeconds * 1_000), random: webRandom }
const written = async (content = 'hello'): Promise<NostrEvent> =>
  writeLetter(content, ada.publicKey, await sharedKey(ben, ada.publicKey), { ...ports, signer: ben })
const read = async (event: NostrEvent, now = nowSeconds) =>
  readLetter(event, ben.publicKey, ada.publicKey, await sharedKey(ada, ben.publicKey), now)

it('reads what was written, and writes nothing but its addressee beside it', async () => {
  const event = await written()
  expect(await read(event)).toEqual({ id: event.id, content: 'hello', sentAtSeconds: nowSeconds })
  expect(event.tags).toEqual([['p', ada.publicKey]])
  expect(event.content).not.toContain('hello')
})

it('G10: never takes what a lying relay says for a letter of that person', async () => {
  const good = await written()
  const again = (part: Partial<NostrEvent>, by = ben) => signEvent({ ...good, ...part }, by)
  const bad = [
    await again({}, eve),
    { ...(await again({}, eve)), pubkey: ben.publicKey },
    { ...good, content: (await written('changed')).content },
    { ...good, sig: `${good.sig.slice(0, -2)}00` },
    await again({ kind: 14 }),
    await again({ tags: [] }),
    await again({ tags: [['p', eve.publicKey]] }),
    await again({ tags: [...good.tags, ['p', eve.publicKey]] }),
    await again({ created_at: nowSeconds + 601 }),
  ]
  for (const event of bad) await expect(read(event)).rejects.toMatchObject({ code: 'bad-letter' })
  await expect(read(await again({ created_at: nowSeconds + 600 }))).resolves.toBeDefined()
  await expect(read(await again({ content: 'garbage' }))).rejects.toMatchObject({ code: 'nip04-refused' })
})

it('is written by a signer that speaks NIP-04 only', async () => {
  const { legacyKey: _, ...modern } = ada
  await expect(sharedKey(modern, ben.publicKey)).rejects.toMatchObject({ code: 'legacy-unable' })
  await expect(written(' ')).rejects.toMatchObject({ code: 'empty-message' })
  await expect(written('x'.repeat(16_385))).rejects.toMatchObject({ code: 'message-size' })
})
