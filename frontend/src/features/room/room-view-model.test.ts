import type { PeerId } from '@p2pigeon/core'
import { expect, test } from 'vitest'
import { fakeMessage, fakeParticipant, FakeManager, FakeRoom, FakeFault } from '../../session/testing/index.ts'
import { faultText, text } from '../../text/index.ts'
import { roomLeft, RoomViewModel, type RoomPorts } from './room-view-model.ts'

function setUp(part: Partial<RoomPorts> = {}) {
  const room = new FakeRoom('room', 'code')
  const manager = new FakeManager()
  manager.room = room
  const said: string[] = []
  const toasts: string[] = []
  const timers = new Set<() => void>()
  const clock = { ms: 0 }
  const model = new RoomViewModel({
    room,
    givenName: undefined,
    maxMessageBytes: 16_384,
    on: (event, listener) => manager.on(event, listener),
    muteForMe: (peerId, muted) => manager.muteForMe(peerId, muted),
    linkOf: (code) => `https://node.example/#/r/${code}`,
    inviteLink: () => Promise.resolve('https://node.example/#/r/code'),
    copy: () => Promise.resolve(),
    announce: (words) => said.push(words),
    toast: (words) => toasts.push(words),
    ownLevel: () => 0,
    now: () => clock.ms,
    every: (_ms, run) => {
      timers.add(run)
      return () => timers.delete(run)
    },
    ...part,
  })
  const stop = model.start()
  return { model, room, manager, said, toasts, timers, stop, clock }
}

test('messages count as unread until the chat is opened, own ones never', () => {
  const { model, room } = setUp()
  room.sendMessage('mine')
  room.paint({ messages: [...room.view().messages, fakeMessage('one', { id: '1' }), fakeMessage('two', { id: '2' })] })
  expect(model.state.get().unread).toBe(2)
  model.togglePanel('chat')
  expect(model.state.get()).toMatchObject({ panel: 'chat', unread: 0 })
  room.paint({ messages: [...room.view().messages, fakeMessage('three', { id: '3' })] })
  expect(model.state.get().unread).toBe(0)
  model.togglePanel('chat')
  room.paint({ messages: [...room.view().messages, fakeMessage('four', { id: '4' })] })
  expect(model.state.get()).toMatchObject({ panel: 'none', unread: 1 })
})

test('one panel is open at a time', () => {
  const { model } = setUp()
  model.togglePanel('chat')
  model.togglePanel('people')
  expect(model.state.get().panel).toBe('people')
  model.closePanel()
  expect(model.state.get().panel).toBe('none')
})

test('who comes and goes is said, of this room only', () => {
  const { manager, toasts, said, clock } = setUp()
  const peer = fakeParticipant('Grace')
  manager.emit('onPeerConnect', { roomId: 'room', peer: fakeParticipant('Linus') })
  expect(said).toEqual([text.announce.here('Linus')])
  clock.ms = 60_000
  manager.emit('onPeerConnect', { roomId: 'room', peer })
  manager.emit('onPeerDisconnect', { roomId: 'room', peer, reason: 'lost' })
  manager.emit('onPeerConnect', { roomId: 'another', peer })
  expect(toasts).toEqual([text.announce.joined('Grace'), text.announce.lost('Grace')])
})

test('the clipboard takes the link, and says so', async () => {
  const copied: string[] = []
  const { model, toasts } = setUp({
    copy: (words) => {
      copied.push(words)
      return Promise.resolve()
    },
  })
  await model.copyInvite()
  expect(copied).toEqual(['https://node.example/#/r/code'])
  expect(toasts).toEqual([text.announce.copied])
  expect(model.state.get()).toMatchObject({ copied: true, linkByHand: undefined })
})

test('a closed clipboard leads to the link as text', async () => {
  const { model, toasts } = setUp({ copy: () => Promise.reject(new DOMException('no', 'NotAllowedError')) })
  await model.copyInvite()
  expect(model.state.get().linkByHand).toBe('https://node.example/#/r/code')
  expect(toasts).toEqual([])
  model.closeLinkByHand()
  expect(model.state.get().linkByHand).toBeUndefined()
})

test('a message that core refuses stays in the box and says why', () => {
  const { model, room } = setUp()
  room.sendMessage = () => {
    throw new FakeFault('message-size')
  }
  expect(model.send('long')).toBe(false)
  expect(model.state.get().sendFault?.title).toBe('This message is too long')
  expect(model.send('   ')).toBe(false)
})

test('the loudest are shown as speaking', async () => {
  const { model, room, timers } = setUp()
  room.levels = new Map([['peer-Grace' as PeerId, 0.3]])
  for (const run of timers) run()
  await new Promise<void>((resolve) => {
    const stop = model.state.subscribe(() => {
      stop()
      resolve()
    })
  })
  expect(model.state.get().speaking).toEqual(new Set(['peer-Grace']))
})

test('nothing listens after the end', () => {
  const { model, room, manager, timers, stop, toasts } = setUp()
  stop()
  room.paint({ messages: [fakeMessage('late')] })
  manager.emit('onPeerConnect', { roomId: 'room', peer: fakeParticipant('Grace') })
  expect(timers.size).toBe(0)
  expect(toasts).toEqual([])
  expect(model.state.get().unread).toBe(0)
})

test('the rest of a message is counted in bytes and shown near the limit only', () => {
  expect(roomLeft('short', 16_384)).toBeUndefined()
  expect(roomLeft('a'.repeat(15_000), 16_384)).toBeUndefined()
  expect(roomLeft('a'.repeat(16_000), 16_384)).toBe(384)
  expect(roomLeft('€'.repeat(5_462), 16_384)).toBe(-2)
})

test('what the host decides takes effect in the room, and what is refused is said', async () => {
  const { model, room, toasts } = setUp()
  const [grace, knocker] = [fakeParticipant('Grace'), { peerId: 'peer-Eve' as PeerId, name: 'Eve', sinceMs: 0 }]
  room.paint({ participants: [grace], knocks: [knocker] })
  model.muteForAll(grace, true)
  expect(room.view().participants[0]?.mutedForAll).toBe(true)
  model.setCohost(grace, true)
  expect(room.view().participants[0]?.role).toBe('cohost')
  model.admit(knocker)
  expect(room.view().participants.map(({ name }) => name)).toEqual(['Grace', 'Eve'])
  model.kick(grace, true)
  expect(room.view().participants.map(({ name }) => name)).toEqual(['Eve'])
  room.setEntry = () => {
    throw new FakeFault('not-host')
  }
  model.setEntry('locked')
  expect(toasts.at(-1)).toBe(faultText('not-host').title)
  expect(await model.createInvite({ maxUses: 1, expiresAtMs: 1 })).toBe(false)
  expect(toasts.at(-1)).toBe(text.authority.invite.fault)
})

test('an invite is copied, or shown where the clipboard takes nothing', async () => {
  const copied: string[] = []
  const { model, room, toasts } = setUp({
    copy: (words) => {
      copied.push(words)
      return Promise.resolve()
    },
  })
  const terms = { maxUses: 1, expiresAtMs: 1 }
  expect(await model.createInvite(terms)).toBe(true)
  expect(room.invites).toEqual([terms])
  expect(copied).toEqual(['https://node.example/#/r/code-invite'])
  expect(toasts.at(-1)).toBe(text.authority.invite.copied)

  const blocked = setUp({ copy: () => Promise.reject(new FakeFault('denied')) })
  await blocked.model.createInvite(terms)
  expect(blocked.model.state.get().linkByHand).toBe('https://node.example/#/r/code-invite')
})

test('a person is told what was decided about it', () => {
  const { room, toasts } = setUp()
  const { self } = room.view()
  room.paint({ self: { ...self, role: 'member', isHost: false } })
  room.paint({ self: { ...room.view().self, mutedForAll: true } })
  room.paint({ self: { ...room.view().self, role: 'cohost' } })
  room.paint({ entry: 'locked' })
  room.paint({ epoch: 1 })
  const words = text.authority.announce
  expect(toasts).toEqual([words.mutedYou, words.cohostYou, words.entry.locked, words.newLink])
})

test('a confirmed code counts until the room is another one', () => {
  const { model, room } = setUp()
  room.paint({ comparison: { kind: 'agreed', room: [1, 2, 3, 4, 5, 6, 7], pairs: new Map() } })
  model.confirmCode()
  expect(model.state.get().confirmedCode).toBe('1,2,3,4,5,6,7')
  room.paint({ comparison: { kind: 'settling' } })
  model.confirmCode()
  expect(model.state.get().confirmedCode).toBeUndefined()
})
