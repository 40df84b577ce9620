import { beforeEach, describe, expect, it } from 'vitest'
import type { DriveCut, Operation } from '../control-log/index.ts'
import { importSeed, roomIdentity, type PeerId } from '../identity/index.ts'
import { Scope } from '../lifetime/index.ts'
import { deriveRoomKeys, fingerprintOf, standardPolicy, type RoomLink } from '../link/index.ts'
import { webRandom } from '../runtime/platform/index.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { commitment, peer } from '../testing/log-fixture.ts'
import { Authority } from './authority.ts'
import { Lobby } from './lobby.ts'
import { Powers } from './powers.ts'

const roomId = new Uint8Array(16).fill(7)
const guest = peer(4)
const drive = 'a'.repeat(64)

function cut(batches: number): DriveCut {
  return { drive, batches, head: 'b'.repeat(64) }
}

/** The host of a room in which `guest` is, and what the host knows of drives. */
async function hosting() {
  const identity = await roomIdentity(await importSeed(new Uint8Array(32).fill(1)), roomId)
  const hostFingerprint = await fingerprintOf(identity.publicKey)
  const link: RoomLink = {
    ...{ roomId, secret: new Uint8Array(32).fill(3), hostFingerprint },
    ...{ policy: standardPolicy, history: undefined },
  }
  const [clock, scope] = [new FakeClock(), new Scope()]
  const authority = new Authority({
    ...{ link, keys: await deriveRoomKeys(link), identity, clock, scope, random: webRandom, memory: undefined },
    ...{ connected: () => [], send: () => undefined, isIn: () => true },
    ...{ gaveLog: () => undefined, changed: () => undefined },
  })
  authority.log.meetHost(identity.peerId)
  const known = new Map<PeerId, readonly DriveCut[]>()
  const powers = new Powers({
    ...{ authority, link, clock, random: webRandom, lobby: new Lobby(clock, () => undefined) },
    members: () => [identity.peerId, guest],
    cutsOf: (of) => known.get(of) ?? [],
    hasLeft: () => scope.ended,
  })
  const said = (): readonly Operation[] => authority.log.entries().map(({ operation }) => operation)
  const rule = () => authority.state.fileRights.get(guest)
  return { authority, powers, known, said, rule, host: identity.peerId }
}

describe('rights to files', () => {
  let room: Awaited<ReturnType<typeof hosting>>

  beforeEach(async () => {
    room = await hosting()
  })

  const kinds = (): string[] => room.said().map(({ kind }) => kind)

  it('are set with what is known of the drives by then', async () => {
    room.known.set(guest, [cut(3)])
    room.powers.setFileRight(guest, 'reader')
    await expect.poll(() => room.rule()).toEqual({ right: 'reader', cuts: new Map([[drive, cut(3)]]) })
  })

  it('are not set of the host, nor of somebody who is not here', () => {
    const refused = (code: string) => expect.objectContaining({ code }) as Error
    expect(() => room.powers.setFileRight(room.host, 'reader')).toThrow(refused('not-host'))
    expect(() => room.powers.setFileRight(peer(9), 'reader')).toThrow(refused('unknown-peer'))
  })

  it('stay as they are at a removal, and before it is said what counts from then on', async () => {
    room.known.set(guest, [cut(3)])
    room.powers.kick(guest, false)
    await expect.poll(kinds).toEqual(['files', 'rekey'])
    expect(room.rule()).toEqual({ right: 'editor', cuts: new Map([[drive, cut(3)]]) })
    expect(room.authority.state.removed.has(guest)).toBe(true)
  })

  it('of a reader who is removed: what it went on to write does not begin to count', async () => {
    room.known.set(guest, [cut(3)])
    room.powers.setFileRight(guest, 'reader')
    await expect.poll(kinds).toEqual(['files'])
    room.known.set(guest, [cut(9)])
    room.powers.kick(guest, false)
    await expect.poll(kinds).toEqual(['files', 'files', 'rekey'])
    expect(room.rule()).toEqual({ right: 'reader', cuts: new Map([[drive, cut(3)]]) })
  })

  it('are not spoken of at the removal of somebody who has written nothing', async () => {
    room.powers.kick(guest, false)
    await expect.poll(kinds).toEqual(['rekey'])
    await room.powers.keepFilesOfRemoved()
    expect(kinds()).toEqual(['rekey'])
  })

  it('are made up for where somebody was removed without a word on them, once', async () => {
    const removed = { peer: guest, ban: false }
    await room.authority.decide(
      { kind: 'kick', target: guest },
      { kind: 'rekey', commitment: commitment(1), members: [room.host], removed },
    )
    await room.powers.keepFilesOfRemoved()
    room.known.set(guest, [cut(2)])
    await Promise.all([room.powers.keepFilesOfRemoved(), room.powers.keepFilesOfRemoved()])
    await room.powers.keepFilesOfRemoved()
    expect(kinds()).toEqual(['rekey', 'files'])
    expect(room.rule()).toEqual({ right: 'editor', cuts: new Map([[drive, cut(2)]]) })
  })
})
