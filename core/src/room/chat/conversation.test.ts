import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LimitError, UsageError } from '../../errors/index.ts'
import type { PeerId } from '../../identity/index.ts'
import { Scope } from '../../lifetime/index.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { maxKeptMessages, maxMessageBytes, maxMessageFiles } from '../view.ts'
import { Conversation } from './conversation.ts'

/** Some members on a network that keeps frames per pair until they are delivered; a cut pair loses them. */
class Town {
  readonly clock = new FakeClock()
  readonly #people = new Map<PeerId, Conversation>()
  readonly #wires = new Map<string, Uint8Array<ArrayBuffer>[]>()
  readonly #cut = new Set<string>()

  add(name: string): { id: PeerId; conversation: Conversation } {
    const id = name as PeerId
    const conversation = new Conversation({
      clock: this.clock,
      random: { bytes: (length) => new Uint8Array(length).fill(200) },
      instance: 'page-1',
      memory: undefined,
      scope: new Scope(),
      self: id,
      send: (to, frame) => {
        if (this.#cut.has(`${id}>${to}`)) return false
        this.wire(id, to).push(frame.slice())
        return true
      },
      nameOf: (peer) => peer,
      received: () => undefined,
      changed: () => undefined,
    })
    this.#people.set(id, conversation)
    return { id, conversation }
  }

  wire(from: PeerId, to: PeerId): Uint8Array<ArrayBuffer>[] {
    const key = `${from}>${to}`
    const wire = this.#wires.get(key) ?? []
    this.#wires.set(key, wire)
    return wire
  }

  deliver(from: PeerId, to: PeerId): void {
    for (const frame of this.wire(from, to).splice(0)) this.#people.get(to)?.receive(from, 'page-1', frame)
  }

  settle(): void {
    for (let round = 0; round < 4; round++) {
      for (const from of this.#people.keys()) for (const to of this.#people.keys()) this.deliver(from, to)
      this.clock.advance(100)
    }
  }

  cut(a: PeerId, b: PeerId): void {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      this.#cut.add(`${from}>${to}`)
      this.wire(from, to).length = 0
    }
  }

  mend(a: PeerId, b: PeerId): void {
    this.#cut.delete(`${a}>${b}`)
    this.#cut.delete(`${b}>${a}`)
    this.#people.get(a)?.connected(b)
    this.#people.get(b)?.connected(a)
  }
}

describe('Conversation', () => {
  it('goes from sending to delivered as acknowledgements come', () => {
    const town = new Town()
    const ada = town.add('ada')
    const ben = town.add('ben')
    const cat = town.add('cat')
    ada.conversation.post('hello', [ben.id, cat.id])
    expect(ada.conversation.messages()[0]?.delivery).toEqual({ kind: 'sending', acknowledged: 0, waiting: 2 })
    town.deliver(ada.id, ben.id)
    town.clock.advance(100)
    town.deliver(ben.id, ada.id)
    expect(ada.conversation.messages()[0]?.delivery).toEqual({ kind: 'sending', acknowledged: 1, waiting: 1 })
    town.settle()
    expect(ada.conversation.messages()[0]?.delivery).toEqual({ kind: 'delivered', acknowledged: 2 })
    expect(cat.conversation.messages()).toMatchObject([
      { content: 'hello', from: 'ada', delivery: { kind: 'received' } },
    ])
  })

  it('keeps what was written alone for the first who comes', () => {
    const town = new Town()
    const ada = town.add('ada')
    const ben = town.add('ben')
    const cat = town.add('cat')
    ada.conversation.post('anyone?', [])
    expect(ada.conversation.messages()[0]?.delivery).toEqual({ kind: 'queued' })
    ada.conversation.connected(ben.id)
    town.settle()
    ada.conversation.connected(cat.id)
    town.settle()
    expect(ben.conversation.messages()).toHaveLength(1)
    expect(cat.conversation.messages()).toHaveLength(0)
    expect(ada.conversation.messages()[0]?.delivery.kind).toBe('delivered')
  })

  it('sends again what a lost peer did not get, and shows it once', () => {
    const town = new Town()
    const ada = town.add('ada')
    const ben = town.add('ben')
    ada.conversation.post('one', [ben.id])
    town.deliver(ada.id, ben.id)
    town.cut(ada.id, ben.id)
    ada.conversation.post('two', [ben.id])
    expect(ada.conversation.messages().map(({ delivery }) => delivery.kind)).toEqual(['sending', 'sending'])
    town.mend(ada.id, ben.id)
    town.settle()
    expect(ben.conversation.messages().map(({ content }) => content)).toEqual(['one', 'two'])
    expect(ada.conversation.messages().map(({ delivery }) => delivery.kind)).toEqual(['delivered', 'delivered'])
  })

  it('does not wait for somebody who left', () => {
    const town = new Town()
    const ada = town.add('ada')
    const ben = town.add('ben')
    ada.conversation.post('bye', [ben.id, 'gone' as PeerId])
    town.settle()
    ada.conversation.departed('gone' as PeerId)
    expect(ada.conversation.messages()[0]?.delivery).toEqual({ kind: 'delivered', acknowledged: 1 })
  })

  it('ends in one order for everyone, with answers after what they answer', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), fc.nat(8)), { maxLength: 40 }), (steps) => {
        const town = new Town()
        const people = ['ada', 'ben', 'cat'].map((name) => town.add(name))
        for (const [author, deliveries] of steps) {
          const writer = people[author]
          if (writer === undefined) continue
          const others = people.filter((person) => person !== writer).map(({ id }) => id)
          const seen = writer.conversation.messages().length
          writer.conversation.post(`after ${String(seen)}`, others)
          expect(writer.conversation.messages().at(-1)?.own).toBe(true)
          for (let i = 0; i < deliveries; i++) {
            const from = people[i % 3]
            const to = people[(i + 1 + (i >> 2)) % 3]
            if (from !== undefined && to !== undefined && from !== to) town.deliver(from.id, to.id)
          }
        }
        town.settle()
        const orders = people.map(({ conversation }) => conversation.messages().map(({ id }) => id))
        expect(orders[1]).toEqual(orders[0])
        expect(orders[2]).toEqual(orders[0])
        expect(orders[0]).toHaveLength(steps.length)
      }),
    )
  })

  it('keeps the latest messages only', () => {
    const town = new Town()
    const ada = town.add('ada')
    for (let i = 0; i < maxKeptMessages + 5; i++) ada.conversation.post(String(i), [])
    expect(ada.conversation.messages()).toHaveLength(maxKeptMessages)
    expect(ada.conversation.messages()[0]?.content).toBe('5')
  })

  it('carries what is said of files, with words or without', () => {
    const town = new Town()
    const [ada, ben] = [town.add('ada'), town.add('ben')]
    const file = { id: '0a'.repeat(16), name: 'plan.pdf', sizeBytes: 1_000, mediaType: 'application/pdf' }
    ada.conversation.post('', [ben.id], [file, { ...file, name: '../plan\u202e.pdf' }])
    ada.conversation.post('look', [ben.id], [file])
    town.settle()
    expect(ben.conversation.messages().map(({ content, files }) => [content, files])).toEqual([
      ['', [file, file]],
      ['look', [file]],
    ])
    expect(ada.conversation.messages().map(({ delivery }) => delivery.kind)).toEqual(['delivered', 'delivered'])
  })

  it('refuses what is empty or too long', () => {
    const { conversation } = new Town().add('ada')
    expect(() => conversation.post(' \n', [])).toThrow(UsageError)
    expect(() => conversation.post('ä'.repeat(maxMessageBytes / 2 + 1), [])).toThrow(LimitError)
    const file = { id: '0a'.repeat(16), name: 'a.txt', sizeBytes: 1, mediaType: '' }
    const tooMany = Array.from({ length: maxMessageFiles + 1 }, () => file)
    expect(() => conversation.post('files', [], tooMany)).toThrow(LimitError)
    expect(conversation.messages()).toHaveLength(0)
  })
})
