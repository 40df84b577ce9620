import { expect, it } from 'vitest'
import { Scope } from '../lifetime/index.ts'
import { freshSigner, type SubscriptionHandlers } from '../nostr/index.ts'
import { webRandom } from '../runtime/platform/index.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { Mailbox } from './mailbox.ts'

const url = 'wss://relay.example/'

it('does not take a relay that will not tell for one that has nothing', async () => {
  const asked: SubscriptionHandlers[] = []
  const read: string[] = []
  const scope = new Scope()
  new Mailbox({
    relays: {
      urls: [url],
      publish: () => Promise.resolve([]),
      publishSome: () => Promise.resolve(),
      subscribe: (_, handlers) => {
        asked.push(handlers)
        return () => undefined
      },
    },
    signer: freshSigner(webRandom),
    clock: new FakeClock(1_700_000_000_000),
    scope,
    readUntil: {},
    take: () => Promise.resolve(),
    advanced: (each) => read.push(each),
  })
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))
  asked[0]?.stored?.(url, true)
  await settled()
  asked[1]?.stored?.(url, true)
  await settled()
  expect([asked.length, read]).toEqual([2, []])
  asked[1]?.stored?.(url)
  await settled()
  expect(read).toEqual([url])
  scope.end()
})
