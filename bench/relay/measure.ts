import { webRandom } from '@p2pigeon/core/node'
import { freshSigner, signEvent, type NostrEvent } from '@p2pigeon/core/nostr'
import { CountingClient } from './client.ts'
import type { RelayContender } from './contenders.ts'

/** A short chat message, sealed, wrapped and padded. */
const contentCharacters = 1_200

export interface Taking {
  readonly eventsPerSecond: number
  /** CPU time of the relay for one event. */
  readonly cpuMicroseconds: number
  /** From an event's sending to its OK, one at a time. */
  readonly answerMs: readonly number[]
}

/** Gift wraps for so many recipients, each by a key of its own. Signing takes longer than verifying: done beforehand. */
export function wraps(count: number, kind: 1059 | 21_059, recipients: readonly string[]): Promise<NostrEvent[]> {
  const content = 'A'.repeat(contentCharacters)
  const nowSeconds = Math.floor(Date.now() / 1_000)
  return Promise.all(
    Array.from({ length: count }, (_, nth) => {
      const tags = [['p', recipients[nth % recipients.length] ?? '']]
      return signEvent({ kind, created_at: nowSeconds - nth, tags, content }, freshSigner(webRandom))
    }),
  )
}

export const keys = (count: number): string[] => Array.from({ length: count }, () => freshSigner(webRandom).publicKey)

const publication = (event: NostrEvent): string => JSON.stringify(['EVENT', event])

/** Several clients send all they have at once; then one sends one after the other. */
export async function taking(relay: RelayContender, events: readonly NostrEvent[]): Promise<Taking> {
  const clients = await Promise.all([1, 2, 3, 4].map(() => CountingClient.connect(relay.url)))
  const [first] = clients
  const single = events.slice(0, 200)
  const flood = events.slice(200)
  const shares = clients.map((_, at) => flood.filter((__, nth) => nth % clients.length === at).map(publication))
  const cpuBefore = relay.cpuMs()
  const startedAt = performance.now()
  await Promise.all(
    clients.map((client, at) => {
      for (const text of shares[at] ?? []) client.send(text)
      return client.heard('OK",', shares[at]?.length ?? 0)
    }),
  )
  const seconds = (performance.now() - startedAt) / 1_000
  const cpuMs = relay.cpuMs() - cpuBefore
  const answerMs: number[] = []
  for (const text of single.map(publication)) {
    const sentAt = performance.now()
    first?.send(text)
    await first?.heard('OK",', 1)
    answerMs.push(performance.now() - sentAt)
  }
  for (const client of clients) client.close()
  return { eventsPerSecond: flood.length / seconds, cpuMicroseconds: (cpuMs * 1_000) / flood.length, answerMs }
}

/** Events to a recipient for whom so many clients listen, and as many listen for others: deliveries a second. */
export async function fanOut(relay: RelayContender, listeners: number, events: readonly NostrEvent[]): Promise<number> {
  const clients = await Promise.all(Array.from({ length: 2 * listeners }, () => CountingClient.connect(relay.url)))
  const recipient = events[0]?.tags[0]?.[1] ?? ''
  const others = keys(1)
  for (const [at, client] of clients.entries()) {
    const asked = at < listeners ? [recipient] : others
    client.send(JSON.stringify(['REQ', 's', { kinds: [21_059], '#p': asked }]))
    await client.heard('EOSE', 1)
  }
  const writer = await CountingClient.connect(relay.url)
  const startedAt = performance.now()
  for (const event of events) writer.send(publication(event))
  await Promise.all(clients.slice(0, listeners).map((client) => client.heard('EVEN', events.length)))
  const seconds = (performance.now() - startedAt) / 1_000
  for (const client of [...clients, writer]) client.close()
  return (listeners * events.length) / seconds
}

export interface Reading {
  /** Requests that find one event among all, answered a second. */
  readonly lookupsPerSecond: number
  /** Stored events read from full answers, a second. */
  readonly eventsPerSecond: number
}

/** Lists of relays (kind 10050) among what is stored, one by one and many at once. */
export async function reading(relay: RelayContender, lists: readonly NostrEvent[], lookups: number): Promise<Reading> {
  const client = await CountingClient.connect(relay.url)
  for (const list of lists) client.send(publication(list))
  await client.heard('OK",', lists.length)
  const lookupAt = performance.now()
  for (let nth = 0; nth < lookups; nth++) {
    const author = lists[nth % lists.length]?.pubkey ?? ''
    client.send(JSON.stringify(['REQ', 's', { kinds: [10_050], authors: [author] }]))
    if (nth % 16 === 15) await client.heard('EOSE', 16)
  }
  const lookupSeconds = (performance.now() - lookupAt) / 1_000
  await client.heard('EVEN', lookups)
  const answers = 20
  const perAnswer = Math.min(500, lists.length)
  const startedAt = performance.now()
  for (let nth = 0; nth < answers; nth++) {
    client.send(JSON.stringify(['REQ', 's', { kinds: [10_050] }]))
    await client.heard('EOSE', 1)
  }
  const seconds = (performance.now() - startedAt) / 1_000
  client.close()
  return { lookupsPerSecond: lookups / lookupSeconds, eventsPerSecond: (answers * perAnswer) / seconds }
}
