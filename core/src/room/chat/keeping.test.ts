import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../bytes/index.ts'
import { CodecError } from '../../errors/index.ts'
import type { PeerId } from '../../identity/index.ts'
import { Scope } from '../../lifetime/index.ts'
import { FakeChatMemory } from '../../testing/fake-chat-memory.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { Conversation } from './conversation.ts'
import { encodeChatFrame } from './wire.ts'

/** Lets every step that waits for a promise alone go on. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

interface Page {
  readonly instance: string
  readonly scope: Scope
  readonly conversation: Conversation
}

/** A member whose device keeps the chat, over any number of page loads. */
class Resident {
  readonly id: PeerId
  readonly memory = new FakeChatMemory()
  readonly #house: House
  #page: Page
  #loads = 0

  constructor(house: House, name: string) {
    this.id = name as PeerId
    this.#house = house
    this.#page = this.#open()
  }

  get page(): Page {
    return this.#page
  }

  get conversation(): Conversation {
    return this.#page.conversation
  }

  get said(): readonly string[] {
    return this.conversation.messages().map(({ content }) => content)
  }

  post(content: string): void {
    this.conversation.post(content, this.#house.othersOf(this))
  }

  /** The page is gone from one moment to the next, and another one comes. */
  async reload(): Promise<void> {
    // A closed page finishes no write and sends nothing more.
    this.memory.fault = new Error('the page is gone')
    this.#page.scope.end()
    await turn()
    this.memory.fault = undefined
    this.#page = this.#open()
    await this.conversation.restore()
    this.#house.cameBack(this)
  }

  #open(): Page {
    const instance = toHex(new Uint8Array(16).fill(++this.#loads))
    const scope = new Scope()
    const conversation: Conversation = new Conversation({
      clock: this.#house.clock,
      random: { bytes: (length) => new Uint8Array(length).fill(200) },
      instance,
      scope,
      self: this.id,
      memory: this.memory,
      send: (to, frame) => !scope.ended && this.#house.send(this.id, instance, to, frame),
      nameOf: (peer) => `${peer} the ${String(this.#loads)}.`,
      received: () => undefined,
      changed: () => undefined,
    })
    return { instance, scope, conversation }
  }
}

class House {
  readonly clock = new FakeClock()
  readonly residents: Resident[] = []
  readonly #wires = new Map<string, { readonly instance: string; readonly frame: Uint8Array<ArrayBuffer> }[]>()

  async add(name: string): Promise<Resident> {
    const resident = new Resident(this, name)
    await resident.conversation.restore()
    this.residents.push(resident)
    return resident
  }

  othersOf(one: Resident): PeerId[] {
    return this.residents.filter((other) => other !== one).map(({ id }) => id)
  }

  send(from: PeerId, instance: string, to: PeerId, frame: Uint8Array<ArrayBuffer>): boolean {
    this.#wire(from, to).push({ instance, frame: frame.slice() })
    return true
  }

  deliver(from: Resident, to: Resident): void {
    for (const { instance, frame } of this.#wire(from.id, to.id).splice(0))
      to.conversation.receive(from.id, instance, frame)
  }

  /** What was on the way to or from the page that is gone is lost; the others noticed that it went. */
  cameBack(one: Resident): void {
    for (const other of this.residents) {
      if (other === one) continue
      this.#wire(one.id, other.id).length = 0
      this.#wire(other.id, one.id).length = 0
      other.conversation.departed(one.id)
      other.conversation.connected(one.id)
      one.conversation.connected(other.id)
    }
  }

  /** Long enough for everything to arrive, to be kept and to be acknowledged. */
  async settle(): Promise<void> {
    for (let round = 0; round < 4; round++) {
      await turn()
      for (const from of this.residents) for (const to of this.residents) this.deliver(from, to)
      this.clock.advance(200)
      await turn()
      this.clock.advance(100)
    }
  }

  #wire(from: PeerId, to: PeerId) {
    const key = `${from}>${to}`
    const wire = this.#wires.get(key) ?? []
    this.#wires.set(key, wire)
    return wire
  }
}

const kinds = (one: Resident): readonly string[] => one.conversation.messages().map(({ delivery }) => delivery.kind)

describe('a conversation that is kept', () => {
  it('is there after a reload, in order, with names as they were and what was not looked at yet', async () => {
    const house = new House()
    const [ada, ben, cat] = [await house.add('ada'), await house.add('ben'), await house.add('cat')]
    for (const [author, words] of [
      [ada, 'one'],
      [ben, 'two'],
      [cat, 'three'],
    ] as const) {
      author.post(words)
      await house.settle()
    }
    ada.conversation.markRead()
    ben.post('four')
    await house.settle()
    const before = ada.conversation.messages()
    await ada.reload()
    const after = ada.conversation.messages()
    expect(ada.said).toEqual(['one', 'two', 'three', 'four'])
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id))
    expect(after.map(({ fromName }) => fromName)).toEqual(before.map(({ fromName }) => fromName))
    expect(after.map(({ earlier }) => earlier)).toEqual(['read', 'read', 'read', 'unread'])
    expect(kinds(ada)).toEqual(['delivered', 'received', 'received', 'received'])
    // What follows comes after it, for everybody.
    ada.post('five')
    await house.settle()
    for (const one of house.residents) expect(one.said).toEqual(['one', 'two', 'three', 'four', 'five'])
  })

  it('sends again what a page load wrote and could not deliver, once', async () => {
    const house = new House()
    const [ada, ben] = [await house.add('ada'), await house.add('ben')]
    ada.post('on its way')
    await turn()
    await ada.reload()
    expect(kinds(ada)).toEqual(['sending'])
    await house.settle()
    expect(ben.said).toEqual(['on its way'])
    expect(kinds(ada)).toEqual(['delivered'])

    // Ben has it, but the acknowledgement is lost with the page.
    ada.post('and again')
    await turn()
    house.deliver(ada, ben)
    await ada.reload()
    await house.settle()
    expect(ben.said).toEqual(['on its way', 'and again'])
    expect(ada.said).toEqual(['on its way', 'and again'])
    expect(kinds(ada)).toEqual(['delivered', 'delivered'])
  })

  it('brings back what a message says of files, and sends it again', async () => {
    const house = new House()
    const ada = await house.add('ada')
    const file = { id: '0a'.repeat(16), name: 'plan.pdf', sizeBytes: 1_000, mediaType: 'application/pdf' }
    ada.conversation.post('', [], [file])
    await house.settle()
    await ada.reload()
    expect(ada.conversation.messages().map(({ files }) => files)).toEqual([[file]])
    const ben = await house.add('ben')
    house.cameBack(ben)
    await house.settle()
    expect(ben.conversation.messages().map(({ files }) => files)).toEqual([[file]])
  })

  it('is written before a message leaves, and before one is acknowledged', async () => {
    const house = new House()
    const [ada, ben] = [await house.add('ada'), await house.add('ben')]
    ada.post('hello')
    house.deliver(ada, ben)
    expect(ben.said).toEqual([])
    await turn()
    expect(ada.memory.saves).toBe(1)
    house.deliver(ada, ben)
    expect(ben.said).toEqual(['hello'])
    // Long enough for an acknowledgement, too short for the write that it waits for.
    house.clock.advance(90)
    await turn()
    house.deliver(ben, ada)
    expect(kinds(ada)).toEqual(['sending'])
    expect(ben.memory.saves).toBe(0)
    await house.settle()
    expect(ben.memory.saves).toBeGreaterThan(0)
    expect(kinds(ada)).toEqual(['delivered'])
  })

  it('acknowledges no more than was kept by then', async () => {
    const house = new House()
    const [ada, ben] = [await house.add('ada'), await house.add('ben')]
    ada.post('one')
    await turn()
    house.deliver(ada, ben)
    house.clock.advance(100)
    await turn()
    ada.post('two')
    await turn()
    house.deliver(ada, ben)
    house.clock.advance(60)
    house.deliver(ben, ada)
    expect(kinds(ada)).toEqual(['delivered', 'sending'])
    await house.settle()
    expect(kinds(ada)).toEqual(['delivered', 'delivered'])
  })

  it('goes on without storage, and says so; the next write that works keeps everything', async () => {
    const house = new House()
    const [ada, ben] = [await house.add('ada'), await house.add('ben')]
    ada.memory.fault = new Error('full')
    ada.post('one')
    await house.settle()
    expect([ben.said, ada.conversation.isKept]).toEqual([['one'], false])
    ada.memory.fault = undefined
    ada.post('two')
    await house.settle()
    expect(ada.conversation.isKept).toBe(true)
    await ada.reload()
    expect(ada.said).toEqual(['one', 'two'])
  })

  it('leaves alone what it cannot read, until it is told to delete it', async () => {
    const house = new House()
    const [ada, ben] = [await house.add('ada'), await house.add('ben')]
    const damaged = Uint8Array.of(9, 9, 9)
    ada.memory.bytes = damaged
    await ada.reload()
    ada.post('said, not kept')
    await house.settle()
    expect([ben.said, ada.conversation.isKept]).toEqual([['said, not kept'], false])
    expect(ada.memory.bytes).toEqual(damaged)
    await ada.conversation.erase()
    expect([ada.memory.bytes, ada.conversation.isKept]).toEqual([undefined, true])
  })

  it('is gone from storage once it is deleted here, and from nowhere else; what follows is kept', async () => {
    const house = new House()
    const [ada, ben] = [await house.add('ada'), await house.add('ben')]
    ben.post('secret')
    ada.post('mine')
    await house.settle()
    await ada.conversation.erase()
    expect([ada.said, ada.memory.bytes]).toEqual([[], undefined])
    expect(ben.said).toHaveLength(2)
    await ada.reload()
    await house.settle()
    expect(ada.said).toEqual([])
    ben.post('after')
    await house.settle()
    await ada.reload()
    expect(ada.said).toEqual(['after'])
  })

  it('says so when it could not be deleted', async () => {
    const house = new House()
    const ada = await house.add('ada')
    ada.memory.fault = new Error('refused')
    await expect(ada.conversation.erase()).rejects.toThrow('refused')
  })

  it('writes once for many messages of others', async () => {
    const house = new House()
    const [ada, ben] = [await house.add('ada'), await house.add('ben')]
    for (let i = 0; i < 500; i++) ben.post(String(i))
    await turn()
    house.deliver(ben, ada)
    const { saves } = ada.memory
    house.clock.advance(200)
    await turn()
    expect(ada.memory.saves - saves).toBe(1)
  })

  it('loses and doubles nothing over reloads at any moment, and has one order', async () => {
    const step = fc.record({
      who: fc.nat(2),
      what: fc.constantFrom('post', 'deliver', 'deliver', 'reload', 'pause', 'settle'),
      to: fc.nat(2),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const house = new House()
        for (const name of ['ada', 'ben', 'cat']) await house.add(name)
        /** Kept once by its author: it must never be missing there again. */
        const kept = new Map<Resident, Set<string>>(house.residents.map((one) => [one, new Set()]))
        for (const [index, { who, what, to }] of steps.entries()) {
          const [one, other] = [house.residents[who], house.residents[to]]
          if (one === undefined || other === undefined) continue
          if (what === 'post') {
            one.post(String(index))
            await turn()
            kept.get(one)?.add(String(index))
          }
          if (what === 'deliver' && one !== other) house.deliver(one, other)
          if (what === 'reload') await one.reload()
          if (what === 'pause') house.clock.advance(150)
          if (what === 'settle') {
            await house.settle()
            for (const reader of house.residents) for (const words of reader.said) kept.get(reader)?.add(words)
          }
        }
        await house.settle()
        for (const one of house.residents) {
          expect(new Set(one.said).size).toBe(one.said.length)
          for (const words of kept.get(one) ?? []) expect(one.said).toContain(words)
          // What everybody is said to have, everybody has.
          for (const { content, own, delivery } of one.conversation.messages())
            if (own && delivery.kind === 'delivered' && delivery.acknowledged === 2)
              for (const other of house.residents) expect(other.said).toContain(content)
          for (const other of house.residents)
            expect(one.said.filter((words) => other.said.includes(words))).toEqual(
              other.said.filter((words) => one.said.includes(words)),
            )
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('a conversation that is not kept', () => {
  it('takes nothing of an earlier page load', () => {
    const conversation = new Conversation({
      clock: new FakeClock(),
      random: { bytes: (length) => new Uint8Array(length) },
      instance: '00'.repeat(16),
      scope: new Scope(),
      self: 'ada' as PeerId,
      memory: undefined,
      send: () => true,
      nameOf: (peer) => peer,
      received: () => undefined,
      changed: () => undefined,
    })
    const origin = { instance: new Uint8Array(16), seq: 1 }
    const frame = encodeChatFrame({ kind: 'again', seq: 1, lamport: 1, sentAtMs: 0, content: 'x', files: [], origin })
    expect(() => {
      conversation.receive('ben' as PeerId, '11'.repeat(16), frame)
    }).toThrow(CodecError)
    expect([conversation.messages(), conversation.isKept]).toEqual([[], undefined])
  })
})
