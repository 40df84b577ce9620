import { afterEach, beforeEach, expect, it } from 'vitest'
import { rumorOfDeed } from '../../src/chat/rumors.ts'
import { freshSigner, sealAndWrap, signEvent, type NostrEvent } from '../../src/nostr/index.ts'
import { systemClock, webRandom } from '../../src/runtime/platform/index.ts'
import type { TestRelay } from '../../src/testing/index.ts'
import { Town, type Citizen } from './town.ts'

const limit = 5
const nowSeconds = Math.floor(systemClock.now() / 1_000)

let town: Town
let ada: Citizen
let ben: Citizen
let relay: TestRelay

beforeEach(async () => {
  town = await Town.withRelays(1)
  ;[ada, ben] = [town.citizen('Ada'), town.citizen('Ben')]
  ben.knows(ada)
  const [only] = town.relays
  if (only === undefined) throw new Error('no relay')
  relay = only
  relay.answerLimit = limit
})

afterEach(() => town.close())

/** Something for Ben that is no letter, of a stranger. */
const rubbish = (atSeconds: number): Promise<NostrEvent> =>
  signEvent({ kind: 1_059, created_at: atSeconds, tags: [['p', ben.key]], content: 'rubbish' }, freshSigner(webRandom))

/** A letter of Ada's; wraps are dated back by up to two days. */
function letter(content: string): Promise<NostrEvent> {
  const rumor = rumorOfDeed({
    from: ada.key,
    members: [ada.key, ben.key].sort(),
    title: undefined,
    sentAtSeconds: nowSeconds,
    clock: undefined,
    expiresAtSeconds: undefined,
    act: { kind: 'text', content, replyTo: undefined },
  })
  return sealAndWrap(rumor, ada.signer, ben.key, { clock: systemClock, random: webRandom })
}

/** All that Ben's disk says of how far the relay has been read; undefined before it was. */
function readUntil(): number | undefined {
  const bytes = ben.disk.slots.get('chat.index')
  const index = bytes && (JSON.parse(Buffer.from(bytes).toString()) as { readUntil: Record<string, number> })
  return index?.readUntil[relay.url]
}

async function untilRead(): Promise<void> {
  while (readUntil() === undefined) await new Promise((resolve) => setTimeout(resolve, 5))
}

it('reads what is older than a second that somebody has filled', { timeout: 20_000 }, async () => {
  relay.store(await letter('buried'))
  for (let n = 0; n < 3 * limit; n++) relay.store(await rubbish(nowSeconds))
  await ben.comeHome()
  await untilRead()
  expect(ben.received).toEqual(['buried'])
})

it('reads everything, however much more it is than is told at once', { timeout: 20_000 }, async () => {
  const all = Array.from({ length: 8 * limit }, (_, n) => `m${String(n)}`)
  for (const content of all) relay.store(await letter(content))
  await ben.comeHome()
  await untilRead()
  expect([...ben.received].sort()).toEqual([...all].sort())
})

it('reads what came while there was no connection, to the last letter', { timeout: 20_000 }, async () => {
  await ben.comeHome()
  await untilRead()
  await relay.kill()
  const all = Array.from({ length: 4 * limit }, (_, n) => `m${String(n)}`)
  for (const content of all) relay.store(await letter(content))
  await relay.revive()
  await ben.until(() => ben.received.length === all.length)
  expect([...ben.received].sort()).toEqual([...all].sort())
})
