import type { Exposure, ExposureParty, Learns, MessageView, PeerId, RoomPolicy } from '@p2pigeon/core'
import { fakeCode, fakeMessage, type FakeManager } from '../../src/session/testing/index.ts'
import { authorityScenes } from './authority-scenes.ts'
import { contactsScenes } from './contacts-scenes.ts'
import { conversationScenes } from './conversation-scenes.ts'
import { dataRoomScenes } from './data-room-scenes.ts'
import { fileScenes } from './file-scenes.ts'
import { paintedScreen } from './painted-media.ts'
import type { Scene } from './scene.ts'
import { later, names, openPanel, people, pressStart, pressWords, room, roomId, self } from './staging.ts'
import { vaultScenes } from './vault-scenes.ts'

const hiddenSteady: RoomPolicy = { privacy: 'hidden', constantRate: true, keepChat: false }

function exposing(exposure: () => Promise<Exposure>): NonNullable<Scene['prepare']> {
  return (manager) => {
    const make = manager.makeRoom
    manager.makeRoom = (link) => {
      const made = make(link)
      made.exposed = exposure
      return made
    }
  }
}

function parties(privacy: RoomPolicy['privacy']): readonly ExposureParty[] {
  const learns = (part: Partial<Learns>): Learns => ({
    ...{ address: 'no', timing: true, peers: false, roomSize: 'no' },
    ...part,
  })
  const hidden = privacy === 'hidden'
  const met = people(3).map(({ peerId, name }, index): ExposureParty => ({
    kind: 'participant',
    peerId,
    name,
    path: hidden ? 'both-relays' : index === 2 ? 'our-relay' : 'direct',
    learns: learns({
      address: hidden || index === 2 ? 'no' : privacy === 'lan' ? 'local' : 'public',
      peers: !hidden,
      roomSize: 'exactly',
    }),
  }))
  return [
    ...met,
    {
      kind: 'turn',
      host: 'turn.node.example',
      learns: learns({ address: 'public', peers: !hidden, roomSize: 'roughly' }),
    },
    ...(hidden ? [{ kind: 'turn', host: undefined, learns: learns({ timing: true }) } as const] : []),
    {
      kind: 'stun',
      host: 'stun.a-rather-long-host-name.of-a-service.example',
      learns: learns({ address: 'public', timing: false }),
    },
    { kind: 'carrier', road: 'dht', host: 'node.example', learns: learns({ address: 'public', roomSize: 'roughly' }) },
  ]
}

const known = (privacy: RoomPolicy['privacy']) => () => Promise.resolve({ privacy, parties: parties(privacy) })

function failing(cause: 'no-answer' | 'credentials-refused') {
  return { kind: 'failed', cause, ms: 8_000 } as const
}

/** Makes `name` visible at the top of the panel that scrolls. */
async function scrollTo(name: string): Promise<void> {
  await later(600)
  document.querySelector(`[aria-label="${name}"]`)?.scrollIntoView({ block: 'start' })
}

const shield = (level: string): Promise<void> => openPanel(`Privacy: ${level}. What others can learn`)

function checking(
  rungs: FakeManager['doctor']['rungs'],
  part: Partial<RoomPolicy> = {},
  then?: () => Promise<void>,
): Scene {
  return {
    fragment: `#/r/${fakeCode(roomId, part)}`,
    prepare: (manager) => {
      manager.doctor.rungs = rungs
    },
    play: async () => {
      await pressWords('Check connection')
      await later(300)
      await then?.()
    },
  }
}

function talk(): readonly MessageView[] {
  const start = Date.now() - 14 * 60_000
  const say = (minute: number, name: string, content: string, part: Partial<MessageView> = {}): MessageView =>
    fakeMessage(content, {
      id: `${minute}${content}`,
      from: `peer-${name}` as PeerId,
      fromName: name,
      sentAtMs: start + minute * 60_000,
      ...part,
    })
  const own = (minute: number, content: string, delivery: MessageView['delivery']): MessageView =>
    say(minute, 'Ada Lovelace', content, { own: true, from: 'self' as PeerId, delivery })
  return [
    say(0, 'Grace Hopper', 'Good morning! The draft is at https://example.org/reports/q3?view=full.'),
    say(1, 'Grace Hopper', 'Please look at section 4 first.'),
    own(3, 'Reading it now. Two remarks:\n1. The chart on page 3 lacks units.\n2. I would move the summary up.', {
      kind: 'delivered',
      acknowledged: 2,
    }),
    say(
      4,
      'Katherine Johnson',
      'Agreed on both. \u202egnp.exe\u202c is cleaned of tricks, and aVeryLongWordWithoutAnyPlaceToBreakItWhichMustNotWidenThePanelWhateverHappens stays inside.',
    ),
    say(11, 'Grace Hopper', 'مرحبا، هذا نص عربي داخل المحادثة.'),
    own(12, 'Then let us send it out today.', { kind: 'delivered', acknowledged: 2 }),
    own(13, 'And book the room for Friday.', { kind: 'sending', acknowledged: 1, waiting: 1 }),
  ]
}

async function openPrivacy(): Promise<void> {
  await pressStart('Privacy')
  await later(100)
}

const preJoin = (prepare?: Scene['prepare'], play?: Scene['play']): Scene => ({
  fragment: `#/r/${fakeCode(roomId)}`,
  ...(prepare ? { prepare } : {}),
  ...(play ? { play } : {}),
})

export const scenes: Readonly<Record<string, Scene>> = {
  ...vaultScenes,
  ...contactsScenes,
  ...conversationScenes,
  ...dataRoomScenes,
  ...fileScenes,
  ...authorityScenes,
  'dashboard-empty': { fragment: '#/', node: 'public' },
  'dashboard-privacy': { fragment: '#/', node: 'public', rooms: 3, play: openPrivacy },
  'dashboard-privacy-chosen': {
    fragment: '#/',
    node: 'public',
    play: async () => {
      await openPrivacy()
      document.querySelector<HTMLElement>('input[value="hidden"]')?.click()
      document.querySelector<HTMLElement>('[role="switch"]')?.click()
    },
  },
  'dashboard-busy': { fragment: '#/', node: 'local', rooms: 7 },
  'dashboard-offline': { fragment: '#/', node: 'offline', rooms: 2 },
  'dashboard-bad-link': { fragment: '#/r/damaged', rooms: 2 },
  'dashboard-removed': {
    fragment: '#/',
    rooms: 3,
    play: async () => {
      await later(500)
      document.querySelector<HTMLElement>('[aria-label^="Remove "]')?.click()
    },
  },
  'dashboard-forget': {
    fragment: '#/',
    rooms: 3,
    play: async () => {
      await later(500)
      ;[...document.querySelectorAll('button')].find((button) => button.textContent === 'Forget all')?.click()
    },
  },
  'pre-join': preJoin(),
  'pre-join-kept': { fragment: `#/r/${fakeCode(roomId, { keepChat: true })}` },
  'pre-join-muted': preJoin(undefined, async (session) => {
    await later(400)
    await session.media.toggleMicrophone()
    await session.media.toggleCamera()
  }),
  'pre-join-denied': preJoin((manager) => {
    manager.microphone = { fault: 'media-denied' }
    manager.camera = { fault: 'media-denied' }
  }),
  'pre-join-camera-busy': preJoin((manager) => {
    manager.camera = { fault: 'media-busy' }
  }),
  'pre-join-none': preJoin((manager) => {
    manager.microphone = { fault: 'media-missing' }
    manager.camera = { fault: 'media-missing' }
  }),
  'pre-join-hidden': { fragment: `#/r/${fakeCode(roomId, hiddenSteady)}` },
  'check-running': checking({ 'turn-tcp': undefined, 'turn-tls': undefined, dht: undefined }),
  'check-good': checking({}),
  'check-udp-blocked': checking({
    stun: failing('no-answer'),
    'turn-udp': failing('no-answer'),
    'turn-tcp': failing('no-answer'),
  }),
  'check-no-turn': checking(
    Object.fromEntries(
      (['stun', 'turn-udp', 'turn-tcp', 'turn-tls'] as const).map((name) => [
        name,
        { kind: 'skipped', why: 'not-configured' } as const,
      ]),
    ),
    hiddenSteady,
  ),
  'check-node-gone': checking({
    relay: { kind: 'failed', cause: 'node-unreachable', ms: 31 },
    dht: { kind: 'skipped', why: 'relay-needed' },
    'turn-udp': failing('credentials-refused'),
    'turn-tcp': failing('credentials-refused'),
    'turn-tls': failing('no-answer'),
  }),
  'check-copied-by-hand': checking({}, {}, async () => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })
    await pressWords('Copy report')
  }),
  'unknown-room': { fragment: '#/room/doesNotExist' },
  'room-looking': room(() => ({ state: { kind: 'joining' } })),
  'room-1': room(() => ({ self: self(true) })),
  'room-2': room(() => ({ participants: people(1) })),
  'room-3': room(() => ({ participants: people(2) })),
  'room-4': room(() => ({ participants: people(3) })),
  'room-5': room(() => ({ participants: people(4) })),
  'room-6': room(() => ({ participants: people(5) })),
  'room-8': room(() => ({ participants: people(7) })),
  'room-states': room(() => ({
    carrier: { kind: 'waiting', attempt: 2, retryInMs: 4_000 },
    participants: people(3).map((one, index) => ({
      ...one,
      connection:
        index === 0
          ? { kind: 'reconnecting' as const, sinceMs: 0, attempt: 1 }
          : index === 1
            ? { kind: 'connecting' as const }
            : one.connection,
      mutedHere: index === 2,
      name: index === 2 ? 'A person with a remarkably long name that does not fit' : one.name,
    })),
  })),
  'room-trouble': room(
    () => ({
      participants: people(3).map((one, index) => (index === 1 ? { ...one, connection: { kind: 'connecting' } } : one)),
    }),
    { play: () => later(11_000) },
  ),
  'room-hidden': room(() => ({ participants: people(3), policy: hiddenSteady })),
  'room-exposure': room(() => ({ participants: people(3) }), {
    prepare: exposing(known('standard')),
    play: () => shield('Standard'),
  }),
  'room-exposure-services': room(() => ({ participants: people(3) }), {
    prepare: exposing(known('standard')),
    play: async () => {
      await shield('Standard')
      await scrollTo('Services on the way')
    },
  }),
  'room-exposure-hidden': room(() => ({ participants: people(3), policy: hiddenSteady }), {
    prepare: exposing(known('hidden')),
    play: () => shield('Hidden addresses'),
  }),
  'room-exposure-empty': room(() => ({}), { play: () => shield('Standard') }),
  'room-exposure-loading': room(() => ({ participants: people(1) }), {
    prepare: exposing(() => new Promise(() => undefined)),
    play: () => shield('Standard'),
  }),
  'room-exposure-failed': room(() => ({ participants: people(1) }), {
    prepare: exposing(() => Promise.reject(new TypeError('closed'))),
    play: () => shield('Standard'),
  }),
  'room-screen': room(() => {
    const shared = paintedScreen()
    return {
      participants: people(4).map((one, index) =>
        index === 0 ? { ...one, screenStream: shared, media: { ...one.media, screen: 'on' as const } } : one,
      ),
    }
  }),
  'room-screen-8': room(() => {
    const shared = paintedScreen()
    return {
      participants: people(7).map((one, index) =>
        index === 1 ? { ...one, screenStream: shared, media: { ...one.media, screen: 'on' as const } } : one,
      ),
    }
  }),
  'room-sharing': room(() => ({ participants: people(2) }), {
    play: async (session) => {
      await session.media.shareScreen()
    },
  }),
  'room-chat': room(() => ({ participants: people(2), messages: talk() }), { play: () => openPanel('Chat') }),
  'room-chat-kept': room(
    () => ({
      participants: people(2),
      policy: { privacy: 'standard', constantRate: false, keepChat: true },
      chatKept: 'yes',
      messages: talk().map((message, index) => ({ ...message, earlier: index < 4 ? 'read' : undefined })),
    }),
    { play: () => openPanel('Chat') },
  ),
  'room-chat-failing': room(
    () => ({
      participants: people(1),
      policy: { privacy: 'standard', constantRate: false, keepChat: true },
      chatKept: 'failing',
    }),
    { play: () => openPanel('Chat') },
  ),
  'room-chat-empty': room(() => ({ participants: people(1) }), { play: () => openPanel('Chat') }),
  'room-chat-full': room(
    () => ({
      participants: people(3),
      messages: Array.from({ length: 400 }, (_, index) =>
        fakeMessage(`Line ${index} of a long conversation.`, {
          id: `m${index}`,
          from: `peer-${names[index % 3]}` as PeerId,
          fromName: names[index % 3] ?? '',
          sentAtMs: Date.now() - (400 - index) * 60_000,
        }),
      ),
    }),
    { play: () => openPanel('Chat') },
  ),
  'room-unread': room(() => ({ participants: people(2) }), {
    play: async (_session, manager) => {
      await later(300)
      manager.room?.paint({ messages: talk() })
    },
  }),
  'room-people': room(
    () => ({
      self: self(true),
      participants: people(4).map((one, index) => ({
        ...one,
        isHost: false,
        mutedHere: index === 1,
        connection: index === 3 ? { kind: 'reconnecting' as const, sinceMs: 0, attempt: 2 } : one.connection,
      })),
    }),
    { play: () => openPanel('Participants') },
  ),
  'room-devices': room(() => ({ participants: people(2) }), {
    play: async () => {
      await later(400)
      document
        .querySelector('[aria-label="Microphone and speaker options"]')
        ?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, button: 0, ctrlKey: false }))
    },
  }),
  'room-copied': room(() => ({ participants: people(1) }), { play: () => openPanel('Copy invite link') }),
  'room-copy-denied': room(() => ({ participants: people(1) }), {
    prepare: () => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })
    },
    play: () => openPanel('Copy invite link'),
  }),
  'room-camera-off': room(
    () => ({ participants: people(1).map((one) => ({ ...one, media: { ...one.media, camera: 'off' as const } })) }),
    {
      play: async (session) => {
        await session.media.toggleCamera()
        await session.media.toggleMicrophone()
      },
    },
  ),
  'room-sound-blocked': room(() => ({ participants: people(2) }), {
    prepare: () => {
      HTMLAudioElement.prototype.play = () => Promise.reject(new DOMException('held back', 'NotAllowedError'))
    },
  }),
  'ended-left': room(() => ({ participants: people(1) }), { play: (session) => session.call.leave() }),
  'ended-full': room(() => ({ state: { kind: 'full' } })),
  'ended-removed': room(() => ({ state: { kind: 'removed' } })),
}
