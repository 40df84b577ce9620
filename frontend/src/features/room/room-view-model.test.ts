import type { PeerId, RoomView } from '@p2pigeon/core'
import { expect, test } from 'vitest'
import { fakeMessage, fakeParticipant, FakeManager, FakeRoom, FakeFault } from '../../session/testing/index.ts'
import { text } from '../../text/index.ts'
import { roomText } from '../../text/room/index.ts'
import { roomLeft, RoomViewModel, type RoomPorts } from './room-view-model.ts'
import { alarmsOf, isCompared, verdictOn } from './verification/index.ts'

function setUp(part: Partial<RoomPorts> = {}, view: Partial<RoomView> = {}) {
  const room = new FakeRoom('room', 'code', view)
  const manager = new FakeManager()
  manager.room = room
  const said: string[] = []
  const saved: (readonly [name: string, words: string])[] = []
  const toasts: string[] = []
  const actions: (() => void)[] = []
  const timers = new Set<() => void>()
  const clock = { ms: 0 }
  const model = new RoomViewModel({
    room,
    givenName: undefined,
    maxMessageBytes: 16_384,
    on: (event, listener) => manager.on(event, listener),
    identities: undefined,
    muteForMe: (peerId, muted) => manager.muteForMe(peerId, muted),
    linkOf: (code) => `https://node.example/#/r/${code}`,
    inviteLink: () => Promise.resolve('https://node.example/#/r/code'),
    copy: () => Promise.resolve(),
    announce: (words) => said.push(words),
    toast: (words, options) => {
      toasts.push(words)
      if (options?.action) actions.push(options.action.run)
    },
    save: (words, name) => saved.push([name, words]),
    ownLevel: () => 0,
    now: () => clock.ms,
    every: (_ms, run) => {
      timers.add(run)
      return () => timers.delete(run)
    },
    ...part,
  })
  const stop = model.start()
  return { model, room, manager, said, saved, toasts, actions, timers, stop, clock }
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

test('what was kept counts as unread if nobody had looked at it, and opening the chat says that somebody has', () => {
  const messages = [
    fakeMessage('read', { id: '1', earlier: 'read' }),
    fakeMessage('unread', { id: '2', earlier: 'unread' }),
  ]
  const { model, room } = setUp({}, { messages, chatKept: 'yes' })
  expect(model.state.get().unread).toBe(1)
  expect(room.readMarks).toBe(0)
  model.togglePanel('chat')
  expect([model.state.get().unread, room.readMarks]).toEqual([0, 1])
})

test('the chat is saved as text, and deleted here, or said not to be', async () => {
  const { model, room, saved, toasts } = setUp({}, { messages: [fakeMessage('hello')], chatKept: 'yes' })
  model.saveChat()
  expect(saved[0]?.[0]).toMatch(/^room-chat-\d{4}-\d\d-\d\d\.txt$/)
  expect(saved[0]?.[1]).toContain('Grace: hello')
  room.deleteFault = new FakeFault('storage-unavailable')
  await model.deleteChat()
  expect(toasts).toEqual([roomText.chat.notRemoved])
  room.deleteFault = undefined
  await model.deleteChat()
  expect(toasts.at(-1)).toBe(roomText.chat.removed)
  expect(room.view().messages).toEqual([])
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

test('a person is told what was decided about it', () => {
  const { room, toasts } = setUp()
  const { self } = room.view()
  room.paint({ self: { ...self, role: 'member', isHost: false } })
  room.paint({ self: { ...room.view().self, mutedForAll: true } })
  room.paint({ self: { ...room.view().self, mutedForAll: false } })
  room.paint({ self: { ...room.view().self, role: 'cohost' } })
  room.paint({ self: { ...room.view().self, role: 'member' } })
  room.paint({ entry: 'locked' })
  const words = roomText.announce
  expect(toasts).toEqual([
    roomText.self.mutedBy,
    words.allowedYou,
    words.cohostYou,
    words.cohostYouNoMore,
    words.entry.locked,
  ])
})

test('where there are co-hosts, nobody is said to have muted for certain', () => {
  const { room, toasts } = setUp()
  room.paint({ participants: [fakeParticipant('Grace', { role: 'cohost' })] })
  room.paint({ self: { ...room.view().self, mutedForAll: true } })
  expect(toasts).toEqual([roomText.self.mutedByEither])
})

test('a link that was replaced is offered to be copied', async () => {
  const copied: string[] = []
  const { room, toasts, actions } = setUp({
    copy: (words) => {
      copied.push(words)
      return Promise.resolve()
    },
  })
  room.renewLink()
  expect(toasts).toEqual([roomText.announce.newLink])
  actions[0]?.()
  await expect.poll(() => copied).toEqual(['https://node.example/#/r/code'])
})

test('nothing is told of a room that we were not in yet', () => {
  const { room, toasts } = setUp()
  room.paint({ state: { kind: 'knocking' } })
  toasts.length = 0
  room.paint({ state: { kind: 'joined' }, entry: 'knock', epoch: 4 })
  expect(toasts).toEqual([])
})

test('a confirmed code counts until the picture is another one, and that is said', () => {
  const { model, room, said } = setUp()
  const verdict = () => verdictOn(room.view().comparison, model.state.get().marks)
  room.paint({ comparison: { kind: 'agreed', room: [1, 2, 3, 4, 5, 6, 7], pairs: new Map() } })
  expect(verdict()).toBe('agreed')
  model.confirmCode()
  expect(verdict()).toBe('verified')
  room.paint({ comparison: { kind: 'settling' } })
  model.confirmCode()
  expect(verdict()).toBe('settling')
  room.paint({ comparison: { kind: 'agreed', room: [1, 2, 3, 4, 5, 6, 7], pairs: new Map() } })
  expect(verdict()).toBe('verified')
  expect(said).toEqual([roomText.verify.verified])
  room.paint({ comparison: { kind: 'settling' } })
  room.paint({ comparison: { kind: 'agreed', room: [7, 6, 5, 4, 3, 2, 1], pairs: new Map() } })
  expect(verdict()).toBe('agreed')
  room.paint({ comparison: { kind: 'alone' } })
  expect(said).toEqual([roomText.verify.verified, roomText.verify.changed])
})

test('what somebody sees differently is an alarm, until everybody sees the same', () => {
  const { model, room } = setUp()
  const alarms = () => alarmsOf(room.view(), model.state.get().marks, new Map())
  room.paint({ comparison: { kind: 'agreed', room: [1, 2, 3, 4, 5, 6, 7], pairs: new Map() } })
  model.confirmCode()
  model.denyCode()
  expect(alarms().map(({ title }) => title)).toEqual([roomText.verify.mismatchTitle])
  model.confirmCode()
  expect(alarms()).toEqual([])
})

test('one person can be compared with alone', () => {
  const { model, room } = setUp()
  const grace = fakeParticipant('Grace')
  const linus = fakeParticipant('Linus')
  const pairs = new Map([
    [grace.peerId, [1, 1, 1, 1, 1, 1, 1]],
    [linus.peerId, [2, 2, 2, 2, 2, 2, 2]],
  ])
  room.paint({ participants: [grace, linus], comparison: { kind: 'agreed', room: [1, 2, 3, 4, 5, 6, 7], pairs } })
  model.confirmPair(grace.peerId)
  const compared = (peerId: PeerId) => isCompared(room.view().comparison, model.state.get().marks, peerId)
  expect([compared(grace.peerId), compared(linus.peerId)]).toEqual([true, false])
})

test('an alarm that was put aside stays so, a new one does not', () => {
  const { model } = setUp()
  model.hideAlarm('history-missing')
  expect(model.state.get().hiddenAlarms).toEqual(new Set(['history-missing']))
})
