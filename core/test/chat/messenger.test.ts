import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TestRelay } from '../../src/testing/index.ts'
import { rumorOfDeed } from '../../src/chat/rumors.ts'
import { freshSigner, sealAndWrap } from '../../src/nostr/index.ts'
import { systemClock, webRandom } from '../../src/runtime/platform/index.ts'
import { Town, type Citizen } from './town.ts'

let town: Town
let ada: Citizen
let ben: Citizen

beforeEach(async () => {
  town = await Town.withRelays(3)
  ;[ada, ben] = [town.citizen('Ada'), town.citizen('Ben')]
  ada.knows(ben)
  ben.knows(ada)
})

afterEach(() => town.close())

/** Ben has told where he takes his mail. */
async function benWasHere(): Promise<void> {
  await ben.comeHome()
  await benHasTold()
  ben.goAway()
}

async function benHasTold(): Promise<void> {
  const told = (relay: TestRelay): boolean =>
    relay.events.some(({ kind, pubkey }) => kind === 10_050 && pubkey === ben.key)
  while (!town.relays.some(told)) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('people who are online', () => {
  it('talk over a line, both ways, and nothing of it is at a relay', async () => {
    await Promise.all([ada.comeHome(), ben.comeHome()])
    const id = await ada.messenger.start([ben.key])
    const sent = await ada.messenger.send(id, 'hello')
    await ben.until(() => ben.received.includes('hello'))
    await ada.until(() => ada.message(id, 'hello')?.delivery.kind === 'delivered')
    await ben.messenger.send(id, 'hello yourself', sent)
    await ada.until(() => ada.received.includes('hello yourself'))
    expect(ada.contents(id)).toEqual(['hello', 'hello yourself'])
    expect(ben.contents(id)).toEqual(['hello', 'hello yourself'])
    expect(ada.messenger.messages(id)[1]?.replyTo).toBe(sent)
    expect(town.relays.flatMap(({ events }) => events).filter(({ kind }) => kind === 1_059)).toEqual([])
  })

  it('edit, react and delete; others cannot', async () => {
    await Promise.all([ada.comeHome(), ben.comeHome()])
    const id = await ada.messenger.start([ben.key])
    const sent = await ada.messenger.send(id, 'helo')
    await ada.messenger.edit(id, sent, 'hello')
    await ben.until(() => ben.isHome && ben.contents(id).includes('hello'))
    await ben.messenger.react(id, sent, '👍')
    await ada.until(() => (ada.messenger.messages(id)[0]?.reactions.length ?? 0) > 0)
    expect(ada.messenger.messages(id)[0]).toMatchObject({ edited: true, reactions: [{ emoji: '👍', from: [ben.key] }] })
    await expect(ben.messenger.edit(id, sent, 'forged')).rejects.toMatchObject({ code: 'not-yours' })
    await ada.messenger.remove(id, sent)
    await ben.until(() => ben.messenger.messages(id)[0]?.deleted === true)
    // The index still shows the last words until others come; no page holds them.
    await vi.waitFor(() => {
      const kept = [...ben.disk.slots.values()].map((bytes) => Buffer.from(bytes).toString())
      expect(kept.filter((text) => text.includes('"helo"') && text.startsWith('['))).toEqual([])
    })
  })

  it('see each other write, and only over the line', async () => {
    await Promise.all([ada.comeHome(), ben.comeHome()])
    const id = await ada.messenger.start([ben.key])
    await ada.messenger.send(id, 'one')
    await ben.until(() => ben.received.includes('one'))
    ada.messenger.typing(id)
    await ben.until(() => ben.messenger.whoTypes(id).length > 0)
    expect(ben.messenger.whoTypes(id)).toEqual([ada.key])
  })
})

describe('people who are away', () => {
  it('get what was written when they return: sender gone, one of three relays down', { timeout: 40_000 }, async () => {
    await benWasHere()
    await ada.comeHome()
    const id = await ada.messenger.start([ben.key])
    await ada.messenger.send(id, 'are you there?')
    expect(ada.message(id, 'are you there?')?.delivery).toEqual({ kind: 'waiting', unreachable: false })
    await ada.until(() => ada.message(id, 'are you there?')?.delivery.kind === 'sent')
    ada.goAway()
    await town.relays[0]?.kill()
    await ben.comeHome()
    await ben.until(() => ben.received.length > 0)
    expect(ben.contents(id)).toEqual(['are you there?'])
    expect(ben.messenger.conversation(id)).toMatchObject({ unread: 1, state: 'open' })
  })

  it('G8: without a list of relays nothing is published, and the message says so; it goes when they come', async () => {
    await ada.comeHome()
    const id = await ada.messenger.start([ben.key])
    await ada.messenger.send(id, 'nobody home')
    await ada.until(() => {
      const state = ada.message(id, 'nobody home')?.delivery
      return state?.kind === 'waiting' && state.unreachable
    })
    expect(town.relays.flatMap(({ events }) => events).filter(({ kind }) => kind === 1_059)).toEqual([])
    await ben.comeHome()
    const back = await ben.messenger.start([ada.key])
    ben.messenger.show(back)
    await ben.until(() => ben.received.includes('nobody home'))
    await ada.until(() => ada.message(id, 'nobody home')?.delivery.kind === 'delivered')
  }, 20_000)

  it(
    'C1, C3, G4: relays that repeat, reorder, withhold and forge lose and double nothing',
    { timeout: 40_000 },
    async () => {
      await benWasHere()
      const [liar, hoarder, parrot] = town.relays as [TestRelay, TestRelay, TestRelay]
      liar.faults.forge = true
      hoarder.faults.withhold = true
      parrot.faults.repeat = true
      parrot.faults.reorder = true
      town.linesWork = false
      await Promise.all([ada.comeHome(), ben.comeHome()])
      const id = await ada.messenger.start([ben.key])
      for (const text of ['one', 'two', 'three', 'four']) await ada.messenger.send(id, text)
      await ben.until(() => ben.received.length === 4)
      expect(ben.contents(id)).toEqual(['one', 'two', 'three', 'four'])
      expect([...ben.received].sort()).toEqual(['four', 'one', 'three', 'two'])
    },
  )

  it('have one conversation by both roads, and after a restart', { timeout: 40_000 }, async () => {
    await Promise.all([ada.comeHome(), ben.comeHome()])
    const id = await ada.messenger.start([ben.key])
    await ada.messenger.send(id, 'by line')
    await ben.until(() => ben.received.includes('by line'))
    await benHasTold()
    ben.goAway()
    town.linesWork = false
    await ada.messenger.send(id, 'by relay')
    await ada.until(() => ada.message(id, 'by relay')?.delivery.kind === 'sent')
    await ben.comeHome()
    await ben.until(() => ben.received.includes('by relay'))
    await ben.messenger.load(id)
    expect(ben.contents(id)).toEqual(['by line', 'by relay'])
    ben.goAway()
    await ben.comeHome()
    await ben.messenger.load(id)
    expect(ben.contents(id)).toEqual(['by line', 'by relay'])
    expect(ben.received).toEqual(['by line', 'by relay'])
    expect(await ben.messenger.search('RELAY')).toMatchObject([{ conversation: id, message: { content: 'by relay' } }])
  })
})

describe('strangers', () => {
  it('wait as a request, are told nothing, and can be let in or deleted', { timeout: 30_000 }, async () => {
    ben.contacts.clear()
    await Promise.all([ada.comeHome(), ben.comeHome()])
    const id = await ada.messenger.start([ben.key])
    await ada.messenger.send(id, 'you do not know me')
    await ben.until(() => ben.isHome && ben.messenger.conversation(id) !== undefined)
    expect(ben.messenger.conversation(id)).toMatchObject({ state: 'request', unread: 1 })
    expect(ada.message(id, 'you do not know me')?.delivery.kind).not.toBe('delivered')
    await ben.messenger.accept(id)
    expect(ben.messenger.conversation(id)?.state).toBe('open')
    await ben.messenger.delete(id)
    expect(ben.messenger.conversations()).toEqual([])
    const kept = [...ben.disk.slots.values()].map((bytes) => Buffer.from(bytes).toString()).join()
    expect(kept).not.toContain('you do not know me')
  })

  it('G1, G2: who seals what somebody else wrote is nobody', async () => {
    await ben.comeHome()
    const mallory = freshSigner(webRandom)
    const made = { members: [ada.key, ben.key].sort(), title: undefined, sentAtSeconds: Math.floor(Date.now() / 1_000) }
    const act = { kind: 'text', content: 'forged', replyTo: undefined } as const
    const rumor = rumorOfDeed({ ...made, from: ada.key, clock: 1, expiresAtSeconds: undefined, act })
    const ports = { clock: systemClock, random: webRandom }
    const forged = await sealAndWrap(rumor, mallory, ben.key, ports)
    const honest = await sealAndWrap(
      rumorOfDeed({
        ...made,
        from: ada.key,
        clock: 2,
        expiresAtSeconds: undefined,
        act: { ...act, content: 'honest' },
      }),
      ada.signer,
      ben.key,
      ports,
    )
    await ada.comeHome()
    const { RelayPool } = await import('../../src/nostr/index.ts')
    const { wsSockets } = await import('../../src/runtime/node/ws-sockets.ts')
    const { Scope } = await import('../../src/lifetime/index.ts')
    const scope = new Scope()
    const pool = new RelayPool({ ...ports, sockets: wsSockets(), scope, urls: town.relays.map(({ url }) => url) })
    await pool.publish(forged)
    await pool.publish(honest)
    await ben.until(() => ben.received.length > 0)
    expect(ben.received).toEqual(['honest'])
    scope.end()
  })
})

it('disappearing messages disappear on both sides, also from what is kept', { timeout: 60_000 }, async () => {
  await Promise.all([ada.comeHome(), ben.comeHome()])
  const id = await ada.messenger.start([ben.key])
  await ada.messenger.setLifetime(id, 1)
  await ada.messenger.send(id, 'for a second')
  await ben.until(() => ben.received.includes('for a second'))
  await Promise.all([ada.until(() => ada.contents(id).length === 0), ben.until(() => ben.contents(id).length === 0)])
  for (const { disk } of [ada, ben]) {
    const kept = [...disk.slots].map(([name, bytes]) =>
      name.startsWith('chat.page') ? Buffer.from(bytes).toString() : '',
    )
    expect(kept.join()).not.toContain('for a second')
  }
})
