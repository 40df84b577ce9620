import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { toHex } from '../bytes/index.ts'
import type { RoomIdentity } from '../identity/index.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { admit, flipped, kick, logOf, mute, peer, person, place, roomId } from '../testing/log-fixture.ts'
import type { ControlLog } from './control-log.ts'
import type { Entry, Operation } from './entry.ts'
import { signEntry } from './signing.ts'

const guest = peer(50)
const everyKind: Operation[] = [
  { kind: 'entry', mode: 'locked', members: [] },
  admit(guest),
  mute(guest),
  mute(guest, false),
  { kind: 'cohost', peer: guest, on: true },
  kick(guest, true),
  { kind: 'end' },
]

let ada: RoomIdentity
let carol: RoomIdentity
let mallory: RoomIdentity
let hers: ControlLog
let his: ControlLog

beforeAll(async () => {
  ;[ada, carol, mallory] = await Promise.all([person(1), person(2), person(3)])
})

beforeEach(() => {
  hers = logOf(ada, ada.publicKey)
  hers.meetHost(ada.peerId)
  his = logOf(carol, ada.publicKey)
})

/** Brings what `from` has and `to` lacks. */
async function tell(from: ControlLog, to: ControlLog): Promise<void> {
  await to.receive(from.beyond(to.heads()).map(({ bytes }) => bytes))
}

async function forged(by: RoomIdentity, operation: Operation, knowing: readonly Entry[] = [], own?: Entry) {
  return signEntry(by, roomId, { ...place(own, knowing), timeMs: 0, operation })
}

describe('a log on two devices', () => {
  it('says the same once both have the same entries', async () => {
    await hers.append({ kind: 'cohost', peer: carol.peerId, on: true })
    await tell(hers, his)
    await Promise.all([his.append(kick(guest)), hers.append(mute(guest))])
    expect(toHex(await his.digest())).not.toBe(toHex(await hers.digest()))
    await tell(hers, his)
    await tell(his, hers)
    expect(his.state).toEqual(hers.state)
    expect(his.heads()).toEqual(hers.heads())
    expect(toHex(await his.digest())).toBe(toHex(await hers.digest()))
    expect(his.state).toMatchObject({ muted: new Set([guest]), removed: new Map([[guest, 'removed']]) })
    const last = await hers.append(mute(guest, false))
    expect(hers.latest()).toEqual(last)
    for (const { hash } of his.entries()) expect(hers.isPast(hash, last.hash)).toBe(true)
    expect(hers.isPast(last.hash, his.entries()[0]!.hash)).toBe(false)
  })

  it('learns from the first entry who the host is, and says that something is missing before', async () => {
    const one = await hers.append({ kind: 'cohost', peer: carol.peerId, on: true })
    const two = await forged(carol, mute(guest), [one])
    expect(his.isEmpty).toBe(true)
    expect(await his.receive([two.bytes])).toEqual({ added: [], incomplete: true })
    expect(his.state.host).toBeUndefined()
    expect(await his.receive([one.bytes, two.bytes])).toEqual({ added: [one, two], incomplete: false })
    expect(his.state.host).toBe(ada.peerId)
    expect(await his.receive([one.bytes, two.bytes])).toEqual({ added: [], incomplete: false })
  })

  it('asks for what is missing, and has all at once when it comes', async () => {
    const entries = [await hers.append(mute(guest)), await hers.append(kick(guest)), await hers.append(admit(guest))]
    const [one, two, three] = entries.map(({ bytes }) => bytes)
    expect(await his.receive([three!, two!])).toEqual({ added: [], incomplete: true })
    expect(await his.receive([one!])).toEqual({ added: entries, incomplete: false })
  })

  it('never gives out the digest of an earlier state', async () => {
    const early = hers.digest()
    await hers.append(mute(guest))
    const [before, after] = [toHex(await early), toHex(await hers.digest())]
    expect(after).not.toBe(before)
    await tell(hers, his)
    expect(toHex(await his.digest())).toBe(after)
  })

  it('keeps an own entry before anybody can see it, and shows none that could not be kept', async () => {
    const kept: number[] = []
    const log = logOf(ada, ada.publicKey, {
      keep: async (entries) => {
        if (entries.length === 2) throw new DOMException('full', 'QuotaExceededError')
        kept.push(entries.length - log.entries().length)
      },
    })
    log.meetHost(ada.peerId)
    await log.append(mute(guest))
    expect(kept).toEqual([1])
    await expect(log.append(kick(guest))).rejects.toMatchObject({ code: 'not-kept' })
    expect(log.entries()).toHaveLength(1)
    expect(log.state.removed.size).toBe(0)
  })

  it('lets nobody decide who has no role, and nobody at all before the host is known', async () => {
    await expect(his.append(mute(guest))).rejects.toMatchObject({ code: 'not-host' })
    his.meetHost(ada.peerId)
    await expect(his.append(mute(guest))).rejects.toMatchObject({ code: 'not-host' })
    expect(his.entries()).toEqual([])
  })

  it('stops a device that forgot what it signed, once it sees that', async () => {
    const forgetful = logOf(ada, ada.publicKey)
    forgetful.meetHost(ada.peerId)
    await hers.append(mute(guest))
    await forgetful.append(admit(guest))
    await tell(hers, forgetful)
    await expect(forgetful.append(kick(guest))).rejects.toMatchObject({ code: 'own-fork' })
    await tell(forgetful, hers)
    expect(hers.state.forks).toEqual([{ author: ada.peerId, seq: 1 }])
    expect(toHex(await hers.digest())).toBe(toHex(await forgetful.digest()))
  })

  it('says when it is full', async () => {
    const grants = Array.from({ length: 16 }, (_, number) => peer(100 + number))
    for (const grant of grants) await hers.append({ kind: 'cohost', peer: grant, on: true })
    await expect(hers.append({ kind: 'cohost', peer: peer(200), on: true })).rejects.toMatchObject({ code: 'log-full' })
    await hers.append({ kind: 'cohost', peer: grants[0]!, on: false })
  })
})

describe('hostile entries', () => {
  let grant: Entry
  let before: string

  beforeEach(async () => {
    grant = await hers.append({ kind: 'cohost', peer: carol.peerId, on: true })
    await hers.append(mute(guest))
    await tell(hers, his)
    before = toHex(await hers.digest())
  })

  async function changesNothing(...entries: readonly Uint8Array[]): Promise<void> {
    const state = hers.state
    expect((await hers.receive(entries)).added).toEqual([])
    expect(hers.state).toBe(state)
    expect(toHex(await hers.digest())).toBe(before)
  }

  it.each(everyKind)('E1 $kind by somebody who is neither host nor co-host is refused', async (operation) => {
    const known = hers.entries()
    await changesNothing((await forged(mallory, operation, known.slice(-1))).bytes)
    await changesNothing((await forged(mallory, operation)).bytes)
  })

  it('E1 the host of another room has no word in this one', async () => {
    const elsewhere = await signEntry(ada, new Uint8Array(16), {
      ...place(undefined),
      timeMs: 0,
      operation: kick(guest),
    })
    await changesNothing(elsewhere.bytes)
    const ownHost = logOf(mallory, mallory.publicKey)
    ownHost.meetHost(mallory.peerId)
    await changesNothing((await ownHost.append(kick(guest))).bytes)
  })

  it('E1 a co-host whose right was taken has none, whether it knows or not', async () => {
    const revoked = await hers.append({ kind: 'cohost', peer: carol.peerId, on: false })
    const state = hers.state
    const unknowing = await his.append(kick(guest))
    await hers.receive([unknowing.bytes, (await forged(carol, mute(guest, false), [revoked], unknowing)).bytes])
    // A new secret without the right to it counts for the keys of files alone.
    const after = { ...state, fileEpoch: state.fileEpoch + 1 }
    expect(hers.state).toEqual(after)
    await tell(hers, his)
    expect(his.state).toEqual(after)
  })

  it('E2 a gap waits and is filled, a repeated number or a wrong predecessor changes nothing', async () => {
    const [first, last] = hers.entries()
    await changesNothing((await forged(carol, kick(guest), [grant], first)).bytes)
    const gap = await signEntry(ada, roomId, { ...place(last), seq: 5, timeMs: 0, operation: kick(guest) })
    await changesNothing(gap.bytes)
    const [missing, later] = [await his.append(kick(peer(60))), await his.append(kick(peer(61)))]
    expect(await hers.receive([later.bytes])).toEqual({ added: [], incomplete: true })
    expect(hers.state.rekeys).toEqual([])
    expect((await hers.receive([missing.bytes])).added).toEqual([missing, later])
  })

  it('E4 entries ten years ahead or behind are ordered like any others', async () => {
    const tenYears = 10 * 365 * 86_400_000
    const late = logOf(carol, ada.publicKey, { clock: new FakeClock(1_700_000_000_000 - tenYears) })
    await tell(hers, late)
    const backdated = await late.append(mute(guest, false))
    const ahead = logOf(ada, ada.publicKey, { clock: new FakeClock(1_700_000_000_000 + tenYears) })
    await tell(late, ahead)
    const future = await ahead.append(mute(guest))
    await tell(ahead, late)
    const now = await late.append(mute(guest, false))
    expect([backdated.lamport, future.lamport, now.lamport]).toEqual([3, 4, 5])
    await tell(late, hers)
    expect(hers.state.muted).toEqual(new Set())
  })

  it('E8 a member that forges “mute Alice” or “unmute Alice” is refused', async () => {
    const alice = guest
    const known = hers.entries().slice(-1)
    await changesNothing((await forged(mallory, mute(peer(51)), known)).bytes)
    await changesNothing((await forged(mallory, mute(alice, false), known)).bytes)
    // In the host's name, by a key that is not the host's.
    const posing = { peerId: ada.peerId, sign: mallory.sign.bind(mallory) }
    const named = await signEntry(posing, roomId, { ...place(known[0]), timeMs: 0, operation: mute(alice, false) })
    await changesNothing(named.bytes)
  })

  it('E8 no operation turns a microphone on: what the log says of sound is who is muted', () => {
    const state = Object.keys(hers.state).sort()
    expect(state).toEqual(
      [
        ...['allowed', 'cohosts', 'ended', 'entry', 'fileEpoch', 'fileRights', 'forks', 'host'],
        ...['invites', 'muted', 'rekeys', 'removed'],
      ].sort(),
    )
    const kinds: Record<Operation['kind'], true> = {
      entry: true,
      admit: true,
      mute: true,
      cohost: true,
      rekey: true,
      invite: true,
      'revoke-invite': true,
      end: true,
      files: true,
    }
    expect(Object.keys(kinds)).toHaveLength(9)
  })

  it('E9 nobody becomes host: neither by meeting the log first, nor by naming itself, nor when the host is gone', async () => {
    hers.meetHost(mallory.peerId)
    expect(hers.state.host).toBe(ada.peerId)
    await changesNothing((await forged(mallory, { kind: 'cohost', peer: mallory.peerId, on: true })).bytes)
    const raised = await his.append({ kind: 'cohost', peer: mallory.peerId, on: true })
    const ended = await his.append({ kind: 'end' })
    await hers.receive([raised.bytes, ended.bytes])
    expect(hers.state.cohosts).toEqual(new Set([carol.peerId]))
    expect(hers.state.ended).toBe(false)
    expect((await hers.receive([(await forged(mallory, mute(guest), [raised])).bytes])).added).toEqual([])
  })

  it('E13 what is no entry is passed over, and what comes with it is taken', async () => {
    const good = await his.append(kick(guest))
    const junk = [new Uint8Array(), new Uint8Array(8_193), new Uint8Array(300).fill(1), flipped(good.bytes, 900)]
    await changesNothing(...junk)
    expect((await hers.receive([...junk, good.bytes, ...junk])).added).toEqual([good])
  })
})
