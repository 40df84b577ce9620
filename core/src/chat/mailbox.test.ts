import { expect, it } from 'vitest'
import { Scope } from '../lifetime/index.ts'
import { freshSigner, type SubscriptionHandlers } from '../nostr/index.ts'
import { webRandom } from '../runtime/platform/index.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { inboxSinceSeconds } from './limits.ts'
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

it('reads at the relays that are ours now, each from where it was read to', async () => {
  const [home, second] = [url, 'wss://second.example/']
  const asked: { url: string; since: number | undefined; handlers: SubscriptionHandlers }[] = []
  const open = new Set<string>()
  const scope = new Scope()
  let urls: readonly string[] = [home]
  let moved: () => void = () => undefined
  const move = (next: readonly string[]): void => {
    urls = next
    moved()
  }
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))
  new Mailbox({
    relays: {
      get urls() {
        return urls
      },
      publish: () => Promise.resolve([]),
      publishSome: () => Promise.resolve(),
      subscribe: ([filter], handlers, [at = ''] = []) => {
        const name = `${asked.push({ url: at, since: filter?.since, handlers })} ${at}`
        open.add(name)
        return () => open.delete(name)
      },
      onUrls: (changed) => {
        moved = () => {
          changed([])
        }
        return () => (moved = () => undefined)
      },
    },
    signer: freshSigner(webRandom),
    clock: new FakeClock(1_700_000_000_000),
    scope,
    readUntil: {},
    take: () => Promise.resolve(),
    advanced: () => undefined,
  })
  move([home, second])
  expect(asked.map((each) => each.url)).toEqual([home, second])
  // All of it is read there: the first asks, the second tells that there is nothing.
  asked[1]?.handlers.stored?.(second)
  await settled()
  asked[2]?.handlers.stored?.(second)
  await settled()
  move([home])
  expect([...open]).toEqual([`1 ${home}`])
  move([home, second])
  expect(asked[3]).toMatchObject({ url: second, since: 1_700_000_000 - inboxSinceSeconds })
  scope.end()
  expect(open.size).toBe(0)
  move([home, second, 'wss://third.example/'])
  expect(asked).toHaveLength(4)
})
