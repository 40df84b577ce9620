import type { IdentityId } from '@p2pigeon/core/people'
import { expect, test } from 'vitest'
import type { IncomingView, OutgoingView } from '../../session/index.ts'
import { FakeFault } from '../../session/testing/index.ts'
import { Store } from '../../state/index.ts'
import { contactsText as words } from '../../text/contacts/index.ts'
import { CallViewModel, type CallPorts } from './call-view-model.ts'

const grace = 'grace' as IdentityId
const stranger = 'stranger' as IdentityId

function setUp(part: Partial<CallPorts> = {}) {
  const outgoing = new Store<OutgoingView | undefined>(undefined)
  const incoming = new Store<readonly IncomingView[]>([])
  const log: string[] = []
  const model = new CallViewModel({
    outgoing,
    incoming,
    call: (id, video) => {
      log.push(`call ${id} ${video}`)
      return Promise.resolve()
    },
    hangUp: () => {
      log.push('hang up')
      outgoing.set(undefined)
    },
    accept: () => Promise.resolve('their-code'),
    decline: () => log.push('decline'),
    nameOf: (id) => (id === grace ? 'Aunt Grace' : undefined),
    enter: (code, video) => {
      log.push(`enter ${code} ${video}`)
      return Promise.resolve()
    },
    announce: (said) => log.push(`said: ${said}`),
    complain: (said) => log.push(`fault: ${said}`),
    notify: () => {
      log.push('notified')
      return () => log.push('taken back')
    },
    tone: { start: () => log.push('tone'), stop: () => log.push('silence') },
    ringToneOn: () => true,
    ...part,
  })
  const stop = model.start()
  log.length = 0
  const make = (state: OutgoingView['state'], video = false): void => outgoing.set({ id: grace, video, state })
  const ring = (state: IncomingView['state'] = { kind: 'ringing' }, id = grace): IncomingView => ({
    id,
    claimedName: 'Grace',
    video: true,
    state,
  })
  return { model, log, outgoing, incoming, make, ring, stop }
}

test.each([
  [{ kind: 'starting' }, 'busy', false],
  [{ kind: 'searching', heard: undefined }, 'busy', false],
  [{ kind: 'ringing' }, 'busy', false],
  [{ kind: 'inviting' }, 'busy', false],
  [{ kind: 'declined' }, 'plain', true],
  [{ kind: 'busy' }, 'plain', true],
  [{ kind: 'noted' }, 'plain', true],
  [{ kind: 'unreachable' }, 'plain', true],
  [{ kind: 'unanswered' }, 'plain', true],
  [{ kind: 'cancelled' }, 'plain', true],
  [{ kind: 'failed' }, 'fault', true],
] as const)('a call that is %o shows and is said', (state, look, over) => {
  const { model, log, make } = setUp()
  make(state)
  expect(model.outgoing.get()).toMatchObject({ name: 'Aunt Grace', words: words.call.states[state.kind], look, over })
  expect(log).toEqual([`said: ${words.call.states[state.kind]}`])
})

test('why a call did not come about is told in words, not by its code', () => {
  const { model, make } = setUp()
  make({ kind: 'fault', code: 'contact-changed' })
  expect(model.outgoing.get()).toMatchObject({ look: 'fault', over: true })
  expect(model.outgoing.get()?.words).toContain('keys have changed')
  make({ kind: 'fault', code: 'nobody-knows-this' })
  expect(model.outgoing.get()?.words).toBe(words.call.states.fault)
})

test('an accepted call is entered once, with the camera as it was called, and put away', async () => {
  const { log, make, model } = setUp()
  make({ kind: 'accepted', linkCode: 'code' }, true)
  await Promise.resolve()
  await Promise.resolve()
  expect(log).toEqual([`said: ${words.call.states.accepted}`, 'enter code true', 'hang up'])
  expect(model.outgoing.get()).toBeUndefined()
})

test('a call that is over can be made again', async () => {
  const { log, make, model } = setUp()
  make({ kind: 'ringing' })
  await model.again()
  make({ kind: 'busy' }, true)
  await model.again()
  expect(log.filter((line) => line.startsWith('call'))).toEqual(['call grace true'])
})

test('a call rings, is said and notified once, until it is answered', async () => {
  const { model, log, incoming, ring, stop } = setUp()
  incoming.set([ring()])
  expect(log).toEqual(['tone', `said: ${words.call.notification('Aunt Grace')}`, 'notified'])
  expect(model.incoming.get()).toMatchObject({
    name: 'Aunt Grace',
    phase: 'ringing',
    others: 0,
    claims: words.call.claimed('Grace'),
  })
  log.length = 0
  await model.accept(false)
  expect(log).toEqual(['silence', 'enter their-code false'])
  incoming.set([ring({ kind: 'accepting' })])
  expect(model.incoming.get()?.phase).toBe('connecting')
  expect(log).toContain('taken back')
  incoming.set([])
  expect(model.incoming.get()).toBeUndefined()
  stop()
})

test('silence lasts until nothing rings any more', () => {
  const { model, log, incoming, ring } = setUp()
  incoming.set([ring()])
  model.silence()
  log.length = 0
  incoming.set([ring(), ring({ kind: 'ringing' }, stranger)])
  expect(model.incoming.get()).toMatchObject({ others: 1, silenced: true })
  expect(log).not.toContain('tone')
  incoming.set([])
  incoming.set([ring()])
  expect(log).toContain('tone')
})

test('nothing sounds for who switched the tone off', () => {
  const { log, incoming, ring } = setUp({ ringToneOn: () => false })
  incoming.set([ring()])
  expect(log).not.toContain('tone')
})

test('a caller who is gone is told in words', async () => {
  const { model, log, incoming, ring } = setUp({ accept: () => Promise.reject(new FakeFault('call-lost')) })
  incoming.set([ring()])
  await model.accept(true)
  expect(log.at(-1)).toBe('fault: The caller was gone. You can call back.')
  incoming.set([ring({ kind: 'failed' })])
  expect(model.incoming.get()).toMatchObject({ phase: 'over', words: words.call.theirs.failed })
  model.decline()
  expect(log.at(-1)).toBe('decline')
})
