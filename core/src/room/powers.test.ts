import { beforeEach, describe, expect, it } from 'vitest'
import { mayWriteFiles, standingOf, type DriveCut, type Operation } from '../control-log/index.ts'
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
    authors: () => new Set(known.keys()),
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
    await expect.poll(() => room.rule()).toEqual({ right: 'reader', cuts: new Map([[drive, [cut(3)]]]) })
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
    expect(room.rule()).toEqual({ right: 'editor', cuts: new Map([[drive, [cut(3)]]]) })
    expect(room.authority.state.removed.has(guest)).toBe(true)
  })

  it('of a reader who is removed: what it went on to write does not begin to count', async () => {
    room.known.set(guest, [cut(3)])
    room.powers.setFileRight(guest, 'reader')
    await expect.poll(kinds).toEqual(['entry', 'files'])
    room.known.set(guest, [cut(9)])
    room.powers.kick(guest, false)
    await expect.poll(kinds).toEqual(['entry', 'files', 'files', 'rekey'])
    expect(room.rule()).toEqual({ right: 'reader', cuts: new Map([[drive, [cut(3)]]]) })
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
    expect(room.rule()).toEqual({ right: 'editor', cuts: new Map([[drive, [cut(2)]]]) })
  })

  it('of a reader go with a room that people have to be let into: it would come in and write as somebody else', async () => {
    room.powers.setFileRight(guest, 'reader')
    await expect.poll(kinds).toEqual(['entry', 'files'])
    const { state } = room.authority
    expect([standingOf(state, guest), standingOf(state, peer(8))]).toEqual(['in', 'knocking'])
    expect([mayWriteFiles(state, guest), mayWriteFiles(state, peer(8))]).toEqual([false, false])
    room.powers.setEntry('locked')
    room.powers.setFileRight(guest, 'editor')
    room.powers.setFileRight(guest, 'reader')
    await expect.poll(kinds).toEqual(['entry', 'files', 'entry', 'files', 'files'])
    expect(room.authority.state.entry).toBe('locked')
  })

  it('are set also of somebody whom nobody has met, once a drive of theirs is known', async () => {
    room.known.set(peer(8), [cut(3)])
    room.powers.setFileRight(peer(8), 'reader')
    await expect.poll(() => room.authority.state.fileRights.get(peer(8))?.right).toBe('reader')
  })

  it('of those who are away: what they wrote by the time that the room is closed to strangers counts, and nothing told later', async () => {
    const away = peer(8)
    room.known.set(away, [cut(3)])
    room.powers.setEntry('knock')
    await expect.poll(kinds).toEqual(['files', 'entry'])
    const { state } = room.authority
    expect(state.fileRights.get(away)).toEqual({ right: 'editor', cuts: new Map([[drive, [cut(3)]]]) })
    expect([mayWriteFiles(state, away), mayWriteFiles(state, guest)]).toEqual([false, true])
    // Whoever is said to have written more meanwhile is on no list, and neither is a name that comes up now.
    room.known.set(away, [cut(9)])
    room.known.set(peer(9), [cut(9)])
    room.powers.setEntry('locked')
    await expect.poll(kinds).toEqual(['files', 'entry', 'entry'])
    await room.powers.keepFilesOfRemoved()
    expect(kinds()).toHaveLength(3)
  })

  it('of the many names of which a member told: closing the room takes a bounded part of the log', async () => {
    for (let number = 10; number < 60; number++) room.known.set(peer(number), [cut(1)])
    room.powers.setEntry('knock')
    await expect.poll(() => kinds().at(-1)).toBe('entry')
    expect(kinds()).toHaveLength(1 + 16)
  })

  it('of a co-host that was a reader: what it wrote as co-host counts after that', async () => {
    room.known.set(guest, [cut(3)])
    room.powers.setFileRight(guest, 'reader')
    await expect.poll(kinds).toEqual(['entry', 'files'])
    room.powers.setCohost(guest, true)
    await expect.poll(() => kinds().at(-1)).toBe('cohost')
    room.known.set(guest, [cut(9)])
    room.powers.setCohost(guest, false)
    await expect.poll(kinds).toEqual(['entry', 'files', 'cohost', 'files', 'cohost'])
    expect(room.authority.state.cohosts.size).toBe(0)
    expect(room.rule()).toEqual({ right: 'reader', cuts: new Map([[drive, [cut(9)]]]) })
  })

  it('that cannot be signed unasked end nothing, and are tried again', async () => {
    const removed = { peer: guest, ban: false }
    await room.authority.decide(
      { kind: 'kick', target: guest },
      { kind: 'rekey', commitment: commitment(1), members: [room.host], removed },
    )
    room.known.set(guest, [{ drive: 'none', batches: 1, head: 'none' }])
    await room.powers.keepFilesOfRemoved()
    expect(kinds()).toEqual(['rekey'])
    room.known.set(guest, [cut(2)])
    await room.powers.keepFilesOfRemoved()
    expect(kinds()).toEqual(['rekey', 'files'])
  })
})
