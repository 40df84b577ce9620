import type { ParticipantView, PeerId, RoomView } from '@p2pigeon/core'
import type { ShownIdentity } from '../../src/session/index.ts'
import { FakeIdentities } from '../../src/session/testing/index.ts'
import type { Scene } from './scene.ts'
import { later, openMenu, openPanel, people, press, pressStart, pressWords, room, self } from './staging.ts'

const longName = 'A person with a remarkably long name that does not fit'
const safetyNumber = '48201 77345 90012 66718 20934 55120 84417 30295 71163 09428 36671 58840'.replaceAll(' ', '')

/** Six people in every state that a host cares about. */
function crowd(host: boolean): Partial<RoomView> {
  const participants = people(5).map((one, index) => ({
    ...one,
    isHost: !host && index === 0,
    role: !host && index === 0 ? ('host' as const) : index === 1 ? ('cohost' as const) : ('member' as const),
    mutedForAll: index === 2,
    handRaised: index === 2,
    mutedHere: index === 3,
    connection: index === 4 ? { kind: 'reconnecting' as const, sinceMs: 0, attempt: 2 } : one.connection,
  }))
  return {
    self: self(host),
    participants,
    entry: 'knock',
    knocks: host ? knocks(2) : [],
    comparison: agreed(participants),
  }
}

function knocks(count: number): RoomView['knocks'] {
  return ['Emmy Noether', longName, 'Dorothy Vaughan']
    .slice(0, count)
    .map((name) => ({ peerId: `knock-${name}` as PeerId, name, sinceMs: Date.now() }))
}

function agreed(participants: readonly ParticipantView[]): RoomView['comparison'] {
  const pairs = new Map(participants.map(({ peerId }, index) => [peerId, [3, 17, 42, 5, 60, 21, 8 + index]] as const))
  return { kind: 'agreed', room: [0, 12, 24, 36, 48, 60, 7], pairs }
}

/** The crowd, some of whom show who they are. */
function known(extra: readonly (readonly [PeerId, ShownIdentity])[] = []): NonNullable<Scene['identities']> {
  return () => {
    const identities = new FakeIdentities()
    const [grace, katherine, , margaret, barbara] = people(5).map(({ peerId }) => peerId)
    identities.shown.set(
      new Map<PeerId, ShownIdentity>([
        [grace!, { kind: 'contact', petname: 'Grace', verified: true }],
        [katherine!, { kind: 'contact', petname: 'Kathy from work', verified: false }],
        [margaret!, { kind: 'unknown' }],
        [barbara!, { kind: 'invalid' }],
        ...extra,
      ]),
    )
    return identities
  }
}

const impostor = 'peer-impostor' as PeerId
const changed: ShownIdentity = {
  kind: 'changed',
  petname: 'Radia',
  change: { addedDevices: ['Phone'], removedDevices: ['Laptop at work'], replacesIdentity: false, safetyNumber },
}
const held = { peerId: impostor, name: 'Radia Perlman' }

const openPeople = (): Promise<void> => openPanel('Participants')

async function openSettings(): Promise<void> {
  await openPeople()
  await pressStart('Room settings')
}

async function openSomebody(name: string): Promise<void> {
  await openPeople()
  await later(300)
  ;[...document.querySelectorAll<HTMLElement>('aside button[aria-expanded]')]
    .find((button) => button.querySelector('bdi')?.textContent === name)
    ?.click()
}

const asking = (words: string): Scene =>
  room(() => crowd(true), {
    play: async () => {
      await openSettings()
      await pressWords(words)
    },
  })

const two =
  (part: Partial<RoomView> = {}): (() => Partial<RoomView>) =>
  () => ({
    participants: people(2),
    comparison: agreed(people(2)),
    ...part,
  })

/** Who decides in a room, who may come in, and how people know that nobody stands between them. */
export const authorityScenes: Readonly<Record<string, Scene>> = {
  'room-host-people': room(() => crowd(true), { identities: known(), play: openPeople }),
  'room-host-person': room(() => crowd(true), { identities: known(), play: () => openSomebody('Katherine Johnson') }),
  'room-host-manage': room(() => crowd(true), {
    identities: known(),
    play: async () => {
      await openPeople()
      await openMenu('Manage Katherine Johnson')
    },
  }),
  'room-host-remove': room(() => crowd(true), {
    play: async () => {
      await openPeople()
      await openMenu('Manage Linus')
      await later(200)
      ;[...document.querySelectorAll<HTMLElement>('[role="menuitem"]')].at(-1)?.click()
    },
  }),
  'room-host-under-way': room(() => ({ ...crowd(true), knocks: knocks(1) }), {
    play: async (_session, manager) => {
      const { room: made } = manager
      if (made) for (const deed of ['kick', 'admit', 'setEntry'] as const) made[deed] = () => undefined
      await openSettings()
      press('Let Emmy Noether in')
      document.querySelector<HTMLElement>('input[value="locked"]')?.click()
      await openMenu('Manage Margaret Hamilton')
      await later(200)
      ;[...document.querySelectorAll<HTMLElement>('[role="menuitem"]')].at(-1)?.click()
      await pressWords('Remove')
    },
  }),
  'room-host-settings': room(() => crowd(true), { play: openSettings }),
  'room-host-invite': asking('Invite…'),
  'room-host-replace-link': asking('Replace the link…'),
  'room-host-end': asking('End for everyone…'),
  'room-member-people': room(() => crowd(false), { identities: known(), play: openPeople }),
  'room-member-person': room(() => crowd(false), { play: () => openSomebody('Grace Hopper') }),
  'room-knock': room(two({ self: self(true), knocks: knocks(1) })),
  'room-knock-long': room(two({ self: self(true), knocks: knocks(2).slice(1) })),
  'room-knocks': room(two({ self: self(true), knocks: knocks(3) })),
  'room-lobby': room(() => ({ state: { kind: 'knocking' } })),
  'room-muted-by-host': room(two({ self: { ...self(false), mutedForAll: true } })),
  'room-asking-to-speak': room(two({ self: { ...self(false), mutedForAll: true, handRaised: true } })),
  'room-told': room(two(), {
    play: async (_session, manager) => {
      await openPeople()
      manager.room?.paint({ self: { ...self(false), role: 'cohost' } })
      manager.room?.renewLink()
    },
  }),
  'room-compare-alone': room(() => ({}), { play: () => openPanel('Check the connection with others') }),
  'room-compare-settling': room(two({ comparison: { kind: 'settling' } }), { play: () => openPanel('Checking…') }),
  'room-compare': room(two(), { play: () => openPanel('Compare with others') }),
  'room-compare-confirmed': room(two(), {
    play: async () => {
      await openPanel('Compare with others')
      await pressWords('Everybody sees the same')
    },
  }),
  'room-compare-mismatch': room(two(), {
    play: async () => {
      await openPanel('Compare with others')
      await pressWords('Somebody sees something else')
    },
  }),
  'room-compare-differs': room(two({ comparison: { kind: 'differs', with: people(1).map(({ peerId }) => peerId) } }), {
    play: () => later(200),
  }),
  'room-compare-differs-panel': room(
    two({ comparison: { kind: 'differs', with: people(1).map(({ peerId }) => peerId) } }),
    { play: () => openPanel('Something is wrong') },
  ),
  'room-equivocation': room(
    two({
      alarms: [{ kind: 'equivocation', by: 'peer-Grace Hopper' as PeerId, byHost: true }, { kind: 'history-missing' }],
    }),
  ),
  'room-equivocation-cohost': room(
    two({ alarms: [{ kind: 'equivocation', by: 'peer-Katherine Johnson' as PeerId, byHost: false }] }),
  ),
  'room-history-missing': room(two({ alarms: [{ kind: 'history-missing' }] })),
  'room-held': room(two({ held: [held] }), { identities: known([[impostor, changed]]) }),
  'room-held-people': room(two({ held: [held] }), { identities: known([[impostor, changed]]), play: openPeople }),
  'room-held-accept': room(two({ held: [held] }), {
    identities: known([[impostor, changed]]),
    play: async () => {
      await openPeople()
      await pressWords('Compare and accept…')
    },
  }),
  'room-present-ask': room(two(), {
    identities: known(),
    play: async () => {
      await openPeople()
      await pressWords('Show who I am')
    },
  }),
  'room-presented': room(two({ self: { ...self(false), presentation: new Uint8Array([1]) } }), {
    identities: known(),
    play: openPeople,
  }),
  'ended-turned-away': room(() => ({ state: { kind: 'knocking' } }), {
    play: async (_session, manager) => {
      await later(200)
      manager.room?.paint({ state: { kind: 'removed' } })
    },
  }),
  'ended-locked': room(() => ({ state: { kind: 'locked' } })),
  'ended-for-all': room(() => ({ state: { kind: 'ended' } })),
}
