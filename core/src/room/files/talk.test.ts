import { describe, expect, it } from 'vitest'
import type { ToldMaster } from '../../files/index.ts'
import { signDriveRecord } from '../../files/journal/index.ts'
import { importSeed, roomIdentity, type PeerId, type RoomIdentity } from '../../identity/index.ts'
import { Scope } from '../../lifetime/index.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { decodeControl, encodeDrives, encodeMasters, type Control } from '../control.ts'
import { Talk } from './talk.ts'

const roomId = new Uint8Array(16).fill(7)
const [ada, ben, cat, mallory] = await Promise.all([1, 2, 3, 4].map(identity))

function identity(seed: number): Promise<RoomIdentity> {
  return importSeed(new Uint8Array(32).fill(seed)).then((key) => roomIdentity(key, roomId))
}

function master(epoch: number, seed: number): ToldMaster {
  const secret = new Uint8Array(32).fill(seed & 0xff)
  new DataView(secret.buffer).setUint32(0, seed)
  return { epoch, secret }
}

function record(author: RoomIdentity, drive: number, batches = 1, head = 'ab') {
  const name = drive.toString(16).padStart(64, '0')
  return signDriveRecord(author, roomId, { drive: name, batches, head: head.repeat(32) }).then(({ bytes }) => bytes)
}

/** One device of a room, its talk and what its data room has heard. */
class Device {
  readonly scope = new Scope()
  readonly clock = new FakeClock()
  readonly talk: Talk
  readonly sent: Control[] = []
  readonly peers = new Map<PeerId, Device>()
  epoch = 0
  out = new Set<PeerId>()
  /** Names that the log does not let in. */
  strangers = new Set<PeerId>()
  /** Resolves what waits for the log. */
  logPlaced: () => Promise<unknown> = () => Promise.resolve()
  masters: ToldMaster[] = []
  drives: Uint8Array[] = []

  readonly peerId: PeerId

  constructor({ peerId }: RoomIdentity) {
    this.peerId = peerId
    this.talk = new Talk({
      ...{ roomId, clock: this.clock, scope: this.scope },
      isIn: (peer) => this.peers.has(peer) && !this.out.has(peer),
      epoch: () => this.epoch,
      mayCount: (author) => !this.strangers.has(author),
      logPlaced: () => this.logPlaced(),
      send: (to, bytes) => {
        const control = decodeControl(bytes)
        this.sent.push(control)
        if (control.kind === 'masters' || control.kind === 'drives')
          this.peers.get(to)?.talk.receive(this.peerId, control)
      },
    })
  }

  listen(): void {
    this.talk.onMasters((told) => this.masters.push(...told))
    this.talk.onDrives((told) => this.drives.push(...told))
  }

  /** As a hostile member does, which has a program of its own. */
  say(to: Device, controls: readonly Uint8Array[]): void {
    for (const bytes of controls) {
      const control = decodeControl(bytes)
      if (control.kind === 'masters' || control.kind === 'drives') to.talk.receive(this.peerId, control)
    }
  }
}

function connect(...devices: readonly Device[]): void {
  for (const one of devices) for (const other of devices) if (one !== other) one.peers.set(other.peerId, other)
  for (const one of devices) {
    for (const peer of one.peers.keys()) {
      one.talk.connected(peer)
      one.talk.gaveLog(peer)
    }
  }
}

function people(): [Device, Device, Device, Device] {
  return [new Device(ada!), new Device(ben!), new Device(cat!), new Device(mallory!)]
}

describe('what members tell each other of files', () => {
  it('comes to those who are in, also to whoever listens later', async () => {
    const [a, b] = people()
    connect(a, b)
    a.talk.tellMasters([master(0, 1)])
    a.talk.tellDrives([await record(ada!, 1)])
    await new Promise((resolve) => setTimeout(resolve, 0))
    b.listen()
    await expect.poll(() => [b.masters.length, b.drives.length]).toEqual([1, 1])
    a.talk.tellMasters([master(0, 1), master(0, 2)])
    await expect.poll(() => b.masters).toEqual([master(0, 1), master(0, 2)])
    // Each thing went to it once.
    expect(a.sent).toHaveLength(3)
  })

  it('is told to whoever comes by a member that opens no files itself', async () => {
    const [a, b, c] = people()
    connect(a, b)
    a.talk.tellMasters([master(0, 1)])
    a.talk.tellDrives([await record(ada!, 1, 5)])
    await expect.poll(() => b.clock.pending).toBe(1)
    c.listen()
    connect(b, c)
    // Signatures may still be looked at when it comes: then it is told a little later.
    const told = (): number[] => {
      b.clock.advance(2_000)
      return [c.masters.length, c.drives.length]
    }
    await expect.poll(told).toEqual([1, 1])
  })

  it('is passed on to those who are not connected with whoever said it', async () => {
    const [a, b, c] = people()
    connect(a, b)
    connect(b, c)
    c.listen()
    a.talk.tellMasters([master(0, 1)])
    await expect.poll(() => b.clock.pending).toBe(1)
    b.clock.advance(2_000)
    await expect.poll(() => c.masters).toEqual([master(0, 1)])
  })

  it('is told nobody who is not in, nor believed from them', async () => {
    const [a, b, c] = people()
    connect(a, b, c)
    for (const one of [a, b]) one.out.add(c.peerId)
    b.listen()
    c.say(b, encodeMasters([master(0, 9)]))
    a.talk.tellMasters([master(0, 1)])
    await expect.poll(() => b.masters).toEqual([master(0, 1)])
    expect(a.sent).toHaveLength(1)
  })

  it('goes to nobody before the log, once there is another epoch than the first, also to somebody who comes back', () => {
    const [a, b] = people()
    a.epoch = 1
    a.peers.set(b.peerId, b)
    for (const count of [0, 1]) {
      a.talk.connected(b.peerId)
      a.talk.tellMasters([master(1, 1)])
      expect(a.sent).toHaveLength(count)
      a.talk.gaveLog(b.peerId)
      expect(a.sent).toHaveLength(count + 1)
    }
  })

  it('is told again to whoever was away', () => {
    const [a, b] = people()
    connect(a, b)
    a.talk.tellMasters([master(0, 1)])
    a.talk.connected(b.peerId)
    expect(a.sent).toEqual([
      { kind: 'masters', masters: [master(0, 1)] },
      { kind: 'masters', masters: [master(0, 1)] },
    ])
  })

  it('waits where it is of a later epoch, as long as whoever told it is in', async () => {
    const [a, b, , m] = people()
    connect(a, b, m)
    b.listen()
    m.say(b, encodeMasters([master(1, 66)]))
    a.talk.tellMasters([master(1, 1), master(0, 2)])
    await expect.poll(() => b.masters).toEqual([master(0, 2)])
    // The removal.
    b.epoch = 1
    b.out.add(m.peerId)
    b.talk.keepOnly((peer) => peer !== m.peerId)
    b.talk.logChanged()
    await expect.poll(() => b.masters).toEqual([master(0, 2), master(1, 1)])
  })

  it('is looked at once the log that came before it is placed', async () => {
    const [a, b, , m] = people()
    connect(a, b, m)
    b.listen()
    let placed: () => void = () => undefined
    b.logPlaced = () => new Promise<void>((resolve) => (placed = resolve))
    m.say(b, encodeMasters([master(0, 66)]))
    b.out.add(m.peerId)
    placed()
    b.logPlaced = () => Promise.resolve()
    a.talk.tellMasters([master(0, 1)])
    await expect.poll(() => b.masters).toEqual([master(0, 1)])
  })

  it('of a name that the log does not let in waits until it does, as long as whoever told it is in', async () => {
    const [a, b, c, m] = people()
    connect(a, b, m)
    b.listen()
    b.strangers.add(c.peerId)
    const [first, second, other] = await Promise.all([record(cat!, 1), record(cat!, 2), record(ada!, 3)])
    m.say(b, encodeDrives([first]))
    a.say(b, encodeDrives([second, other]))
    await expect.poll(() => b.drives).toEqual([other])
    expect([...b.talk.authors()]).toEqual([a.peerId])
    b.out.add(m.peerId)
    b.talk.keepOnly((peer) => peer !== m.peerId)
    b.strangers.clear()
    b.talk.logChanged()
    await expect.poll(() => b.drives).toEqual([other, second])
  })

  it('is said in one go of what came in one go', async () => {
    const [a, b] = people()
    connect(a, b)
    const heard: number[] = []
    b.talk.onDrives((records) => heard.push(records.length))
    a.say(b, encodeDrives(await Promise.all([1, 2, 3].map((drive) => record(ada!, drive)))))
    await expect.poll(() => heard.length).toBeGreaterThan(0)
    expect(heard).toEqual([3])
  })

  it('is of the masters that a data room knows from an earlier visit those that came first and last', async () => {
    const [a, b] = people()
    connect(a, b)
    b.listen()
    // A flood, and behind it the one under which somebody wrote who is not here.
    a.talk.tellMasters(Array.from({ length: 41 }, (_, index) => master(0, 100 + index)))
    await expect.poll(() => b.masters.length).toBe(16)
    expect(b.masters).toContainEqual(master(0, 100))
    expect(b.masters).toContainEqual(master(0, 140))
  })

  it('is of a drive the latest record that its author signed, and one that contradicts it', async () => {
    const [a, b, , m] = people()
    connect(a, b, m)
    b.listen()
    const [first, second, other] = await Promise.all([record(ada!, 1), record(ada!, 1, 2), record(ada!, 1, 2, 'cd')])
    const forged = new Uint8Array(await record(ada!, 1, 9)).fill(1, 120)
    m.say(b, encodeDrives([forged, second, first, second, other]))
    await expect.poll(() => b.drives).toEqual([second, other])
    b.clock.advance(2_000)
    expect(b.sent.at(-1)).toEqual({ kind: 'drives', records: [second, other] })
  })
})

describe('what of somebody\u2019s drives counts if nothing more is to count', () => {
  it('is what our data room has read of them, and what their author has told beyond that', async () => {
    const [a, b, , m] = people()
    connect(a, b, m)
    m.say(b, encodeDrives(await Promise.all([record(mallory!, 1, 3), record(mallory!, 2, 4), record(ada!, 3)])))
    const cut = (drive: number, batches: number, head = 'ab') => ({
      ...{ drive: drive.toString(16).padStart(64, '0'), batches },
      head: head.repeat(32),
    })
    await expect.poll(() => b.talk.cutsOf(m.peerId)).toEqual([cut(1, 3), cut(2, 4)])
    b.talk.tellDrives([await record(mallory!, 1, 3)])
    // It signs more than it has written, or its node has not given it yet: nobody here can say which.
    m.say(b, encodeDrives([await record(mallory!, 1, 100, 'cd')]))
    await expect.poll(() => b.talk.cutsOf(m.peerId)).toEqual([cut(1, 3), cut(1, 100, 'cd'), cut(2, 4)])
    b.talk.tellDrives([await record(mallory!, 1, 100, 'cd')])
    expect(b.talk.cutsOf(m.peerId)).toEqual([cut(1, 100, 'cd'), cut(2, 4)])
    expect(b.talk.cutsOf(b.peerId)).toEqual([])
    expect([...b.talk.authors()]).toEqual([m.peerId, a.peerId])
  })
})

describe('a member that tells without end', () => {
  it('of masters: fills its own share, and keeps out nobody', async () => {
    const [a, b, c, m] = people()
    connect(a, b, c, m)
    b.epoch = 2_000
    b.listen()
    for (let epoch = 0; epoch < 40; epoch++) {
      const many = Array.from({ length: 100 }, (_, index) => master(epoch, 1_000 + 100 * epoch + index))
      m.say(b, encodeMasters(many))
      await expect.poll(() => b.masters.at(-1)?.epoch).toBe(epoch)
    }
    // 32 of each epoch, whatever it sends.
    expect(b.masters).toHaveLength(40 * 32)
    a.talk.tellMasters([master(39, 1), master(2_000, 2)])
    await expect.poll(() => b.masters.slice(-2)).toEqual([master(2_000, 2), master(39, 1)])
    // What is kept of it to tell others is less, and does not take the place of what comes from somebody else.
    b.clock.advance(2_000)
    const told = b.sent.flatMap((one) => (one.kind === 'masters' ? one.masters : []))
    expect(told).toContainEqual(master(39, 1))
    expect(told.filter(({ epoch }) => epoch === 39).length).toBeLessThanOrEqual(3 * 16)
  })

  it('of drives: fills its own share, and keeps out nobody', async () => {
    const [a, b, , m] = people()
    connect(a, b, m)
    b.listen()
    const many = await Promise.all(Array.from({ length: 80 }, (_, index) => record(mallory!, index)))
    m.say(b, encodeDrives(many))
    await expect.poll(() => b.drives.length).toBe(64)
    for (let seed = 10; seed < 20; seed++) {
      const invented = await identity(seed)
      const before = b.drives.length
      m.say(b, encodeDrives(await Promise.all(Array.from({ length: 64 }, (_, index) => record(invented, index)))))
      const share = Math.min(512, before + 64)
      await expect.poll(() => b.drives.length).toBe(share)
    }
    a.talk.tellDrives([await record(ada!, 1)])
    await expect.poll(() => b.drives.length).toBe(513)
  })
})
