import { importSeed } from '@p2pigeon/core'
import {
  deviceIdentity,
  personalIdentity,
  signRecord,
  type ContactCard,
  type IdentityRecord,
  type PersonalIdentity,
} from '@p2pigeon/core/people'
import type { CallState } from '../call.ts'
import { Store } from '../../state/index.ts'
import { People, type PeoplePorts } from '../people/people.ts'
import { FakeKeeper } from './fake-keeper.ts'
import { fakeCore, FakeManager } from './fake-manager.ts'
import { FakeRinger } from './fake-ringer.ts'
import { quickHash } from './fake-vault-page.ts'

/** When everything happens in tests of people. */
export const peopleNowMs = Date.UTC(2026, 5, 10, 12)
const dayMs = 86_400_000

/** The same person each time, by number. */
async function fakePerson(who: number): Promise<PersonalIdentity> {
  return personalIdentity(await importSeed(new Uint8Array(32).fill(who)))
}

/** What this person says of their devices; the same name is the same device. */
export async function fakeRecord(
  who: number,
  devices: readonly string[] = ['Laptop'],
  seq = 1,
  nowMs = peopleNowMs,
): Promise<IdentityRecord> {
  const entries = devices.map(async (name, index) => {
    const seed = new Uint8Array(32).fill(who)
    seed.set(new TextEncoder().encode(name).subarray(0, 32))
    const { publicKey, noisePublicKey } = await deviceIdentity(await importSeed(seed))
    return { publicKey, noisePublicKey, name, addedAtMs: nowMs - (devices.length - index) * 3 * dayMs }
  })
  const times = { notBeforeMs: nowMs - dayMs, notAfterMs: nowMs + 300 * dayMs }
  return signRecord(await fakePerson(who), { devices: await Promise.all(entries), seq, ...times })
}

export async function fakeCard(who: number, name = `Person ${who}`): Promise<ContactCard> {
  return { name, record: await fakeRecord(who) }
}

/** Real people over a keeper in memory and a ringer without a network. */
export async function openPeople(part: Partial<PeoplePorts> = {}) {
  const keeper = part.keeper ?? new FakeKeeper()
  const call = new Store<CallState>({ kind: 'idle' })
  const rooms: string[] = []
  FakeRinger.latest = undefined
  const people = await People.open({
    core: fakeCore(new FakeManager()),
    keeper,
    manager: new FakeManager(),
    ready: Promise.resolve(),
    call,
    hash: quickHash,
    locks: undefined,
    tabs: undefined,
    address: 'https://node.example/',
    displayName: () => 'Ada',
    createRoom: () => {
      rooms.push('room')
      return Promise.resolve('code-of-direct')
    },
    now: () => peopleNowMs,
    ...part,
  })
  /** The ringer of this tab, once it answers. */
  const ringer = async (): Promise<FakeRinger> => {
    for (let turns = 0; turns < 200 && !FakeRinger.latest; turns++) await Promise.resolve()
    if (!FakeRinger.latest) throw new TypeError('nobody listens')
    return FakeRinger.latest
  }
  return { people, keeper, call, rooms, ringer }
}

/** Resolves when the value fits, without waiting for time to pass. */
export function becomes<T>(
  readable: { get: () => T; subscribe: (changed: () => void) => () => void },
  fits: (value: T) => boolean,
): Promise<T> {
  return new Promise((resolve) => {
    const look = (): void => {
      const value = readable.get()
      if (!fits(value)) return
      undo()
      resolve(value)
    }
    let undo = (): void => undefined
    undo = readable.subscribe(look)
    look()
  })
}
