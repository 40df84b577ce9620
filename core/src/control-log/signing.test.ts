import { beforeAll, describe, expect, it } from 'vitest'
import { concat, toHex } from '../bytes/index.ts'
import { AuthenticationError, CodecError } from '../errors/index.ts'
import type { RoomIdentity } from '../identity/index.ts'
import { flipped, mute, peer, person, place, roomId } from '../testing/log-fixture.ts'
import { encodeBody } from './codec.ts'
import type { Entry } from './entry.ts'
import { commitmentTo, digestOf, readEntry, signEntry } from './signing.ts'

const domain = 'p2pigeon/v1/control-entry'
const body = { ...place(undefined), timeMs: 1_000, operation: mute(peer(3)) }

let ada: RoomIdentity
let ben: RoomIdentity
let entry: Entry

beforeAll(async () => {
  ada = await person(1)
  ben = await person(2)
  entry = await signEntry(ada, roomId, body)
})

/** Bytes of an entry that names Ada, signed by somebody in some way. */
async function forged(signer: RoomIdentity, underDomain: string): Promise<Uint8Array> {
  const signedBytes = encodeBody(roomId, { ...body, author: ada.peerId })
  return concat(signedBytes, await signer.sign(underDomain, signedBytes))
}

describe('a signed entry', () => {
  it('is read as it was signed', async () => {
    expect(await readEntry(roomId, entry.bytes)).toEqual(entry)
    expect(await readEntry(roomId, await forged(ada, domain))).toEqual(entry)
  })

  it('is refused with any bit flipped', async () => {
    const bits = Array.from({ length: entry.bytes.length * 8 }, (_, bit) => bit)
    const read = await Promise.allSettled(bits.map((bit) => readEntry(roomId, flipped(entry.bytes, bit))))
    for (const result of read) {
      expect(result.status).toBe('rejected')
      if (result.status === 'rejected') {
        expect(result.reason instanceof CodecError || result.reason instanceof AuthenticationError).toBe(true)
      }
    }
  })

  it('is refused if another than the author signed it', async () => {
    await expect(readEntry(roomId, await forged(ben, domain))).rejects.toMatchObject({ code: 'entry-not-genuine' })
  })

  it.each(['p2pigeon/v1/presentation', 'p2pigeon/v1/binding', 'p2pigeon/v1/control-entry2', 'nothing'])(
    'A8 a signature under the domain %s is none of an entry',
    async (other) => {
      await expect(readEntry(roomId, await forged(ada, other))).rejects.toMatchObject({ code: 'entry-not-genuine' })
    },
  )

  it('is named by what it says: its hash leaves nothing out and its signature out', async () => {
    const others = await Promise.all([
      signEntry(ada, roomId, { ...body, timeMs: 1_001 }),
      signEntry(ada, roomId, { ...body, operation: mute(peer(3), false) }),
      signEntry(ben, roomId, body),
      signEntry(ada, new Uint8Array(16), body),
    ])
    expect(new Set([entry, ...others].map(({ hash }) => hash)).size).toBe(5)
  })
})

describe('a commitment', () => {
  const secret = new Uint8Array(32).fill(3)

  it('is to one secret, in one room, for one purpose', async () => {
    const all = await Promise.all([
      commitmentTo('room-secret', roomId, secret),
      commitmentTo('invite', roomId, secret),
      commitmentTo('room-secret', new Uint8Array(16), secret),
      commitmentTo('room-secret', roomId, new Uint8Array(32)),
      commitmentTo('room-secret', roomId, secret.subarray(1)),
    ])
    expect(new Set(all).size).toBe(5)
    expect(all[0]).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('the digest of a log', () => {
  it('depends on the root and on every head', async () => {
    const [a, b] = ['a'.repeat(64), 'b'.repeat(64)] as Entry['hash'][] as [Entry['hash'], Entry['hash']]
    const digests = await Promise.all([digestOf(a, []), digestOf(b, []), digestOf(a, [a]), digestOf(a, [a, b])])
    expect(new Set(digests.map(toHex)).size).toBe(4)
  })
})
