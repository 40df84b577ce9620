import { describe, expect, it } from 'vitest'
import { isGenuine, readEvent, tagValue } from '../../nostr/index.ts'
import { webRandom } from '../../runtime/platform/index.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { download, upload } from './blossom.ts'
import type { Http } from './ports.ts'

const file = { sealed: new Uint8Array([1, 2, 3]), hash: 'a'.repeat(64) }

interface Asked {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** A store that answers so. */
function answering(status: number, asked: Asked[] = []): Http {
  return {
    put: (url, headers) => {
      asked.push({ url, headers })
      return Promise.resolve({ status })
    },
    get: () => Promise.resolve({ status, bytes: new Uint8Array(status === 200 ? 3 : 0) }),
  }
}

const bring = (http: Http) =>
  upload('https://node.example/blobs', file, { http, clock: new FakeClock(), random: webRandom }, {})

describe('an upload', () => {
  it('is authorised for this file and for an hour, each by a key of its own', async () => {
    const asked: Asked[] = []
    expect(await bring(answering(200, asked))).toBe(`https://node.example/blobs/${file.hash}`)
    await bring(answering(201, asked))
    const events = asked.map(({ headers }) => {
      const encoded = /^Nostr (.+)$/.exec(headers['Authorization'] ?? '')?.[1] ?? ''
      return readEvent(JSON.parse(Buffer.from(encoded, 'base64').toString()))
    })
    for (const event of events) {
      expect(isGenuine(event)).toBe(true)
      expect([event.kind, event.created_at]).toEqual([24_242, 1_700_000_000])
      expect(['t', 'x', 'expiration'].map((tag) => tagValue(event, tag))).toEqual(['upload', file.hash, '1700003600'])
    }
    expect(events[0]?.pubkey).not.toBe(events[1]?.pubkey)
    expect(asked[0]).toMatchObject({ url: 'https://node.example/blobs/upload' })
  })

  it.each([
    [401, 'store-refused'],
    [409, 'store-refused'],
    [500, 'store-refused'],
    [302, 'store-refused'],
    [413, 'file-too-large'],
    [429, 'store-busy'],
    [503, 'store-busy'],
    [507, 'store-full'],
  ])('that is answered by %i fails with %s', async (status, code) => {
    await expect(bring(answering(status))).rejects.toMatchObject({ code })
  })
})

it.each([
  [404, 'file-gone'],
  [410, 'file-gone'],
  [429, 'store-busy'],
  [503, 'store-busy'],
  [403, 'store-refused'],
  [206, 'store-refused'],
])('a download that is answered by %i fails with %s', async (status, code) => {
  await expect(download('https://node.example/1', 10, answering(status), {})).rejects.toMatchObject({ code })
  expect(await download('https://node.example/1', 10, answering(200), {})).toHaveLength(3)
})
