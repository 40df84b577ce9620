import { describe, expect, it } from 'vitest'
import { Scope } from '../lifetime/index.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import type { Carrier, CarrierName, CarrierState } from './carrier.ts'
import { Roads } from './roads.ts'

/** A road that is only in some state. */
class Lane {
  readonly carrier: Carrier
  #state: CarrierState
  readonly #listeners = new Set<(state: CarrierState) => void>()

  constructor(name: CarrierName, kind: 'connecting' | 'ready' | 'waiting' = 'ready') {
    this.#state = stateOf(kind)
    const never = (): never => {
      throw new Error('nobody goes by this road')
    }
    const state = (): CarrierState => this.#state
    this.carrier = {
      name,
      get state() {
        return state()
      },
      relayHost: `${name}.example`,
      on: (_event, listener) => {
        this.#listeners.add(listener)
        return () => this.#listeners.delete(listener)
      },
      announce: never,
      lookup: never,
      dial: never,
      close: () => {
        this.become('closed')
      },
    }
  }

  become(kind: CarrierState['kind']): void {
    this.#state = stateOf(kind)
    for (const listener of [...this.#listeners]) listener(this.#state)
  }
}

function stateOf(kind: CarrierState['kind']): CarrierState {
  switch (kind) {
    case 'ready':
      return { kind, network: 'local' }
    case 'connecting':
      return { kind, attempt: 1 }
    case 'waiting':
      return { kind, attempt: 1, retryInMs: 500 }
    case 'closed':
      return { kind }
  }
}

function trip(...lanes: Lane[]) {
  const clock = new FakeClock()
  const scope = new Scope()
  const roads = new Roads(lanes.map(({ carrier }) => carrier))
  const began: CarrierName[] = []
  const ended: CarrierName[] = []
  roads.follow(scope, clock, ({ name }, own) => {
    began.push(name)
    own.onEnd(() => ended.push(name))
  })
  return { clock, scope, roads, began, ended }
}

describe('Roads', () => {
  it('gives the preferred road a head start', () => {
    const { clock, began } = trip(new Lane('dht'), new Lane('server'), new Lane('nostr'))
    expect(began).toEqual(['dht'])
    clock.advance(40)
    expect(began).toEqual(['dht', 'server'])
    clock.advance(20)
    expect(began).toEqual(['dht', 'server', 'nostr'])
    clock.advance(10_000)
    expect(began).toHaveLength(3)
  })

  it('waits for no road that does not work, nor for one that stops to', () => {
    expect(trip(new Lane('dht', 'waiting'), new Lane('server')).began).toEqual(['dht', 'server'])
    const dht = new Lane('dht', 'connecting')
    const { began } = trip(dht, new Lane('server', 'connecting'))
    expect(began).toEqual(['dht'])
    dht.become('waiting')
    dht.become('connecting')
    dht.become('waiting')
    expect(began).toEqual(['dht', 'server'])
  })

  it('waits for no road that is not open yet when another one is', () => {
    expect(trip(new Lane('dht', 'connecting'), new Lane('server')).began).toEqual(['dht', 'server'])
    const server = new Lane('server', 'connecting')
    const { began } = trip(new Lane('dht', 'connecting'), server)
    server.become('ready')
    expect(began).toEqual(['dht', 'server'])
  })

  it('uses a pinned road alone, and all of them again afterwards', () => {
    const { clock, roads, began, ended } = trip(new Lane('dht'), new Lane('server'))
    clock.advance(1_000)
    roads.pin('server')
    expect(ended).toEqual(['dht'])
    expect(roads.inUse.map(({ name }) => name)).toEqual(['server'])
    roads.pin(undefined)
    expect([began, ended]).toEqual([['dht', 'server', 'dht'], ['dht']])
    expect(() => {
      roads.pin('nostr')
    }).toThrow('there is no such road')
  })

  it('does not begin what was pinned away, or ended, before its turn came', () => {
    const first = trip(new Lane('dht'), new Lane('server'))
    first.roads.pin('dht')
    first.clock.advance(1_000)
    expect(first.began).toEqual(['dht'])
    const second = trip(new Lane('dht'), new Lane('server'))
    second.scope.end()
    second.clock.advance(1_000)
    expect([second.began, second.ended]).toEqual([['dht'], ['dht']])
  })

  it('is as well as its best road in use', () => {
    const [dht, server] = [new Lane('dht', 'waiting'), new Lane('server')]
    const { roads } = trip(dht, server)
    expect(roads.state.kind).toBe('ready')
    roads.pin('dht')
    expect(roads.state.kind).toBe('waiting')
    expect(roads.view()).toMatchObject([
      { name: 'dht', inUse: true, host: 'dht.example' },
      { name: 'server', inUse: false },
    ])
    let changes = 0
    roads.on('changed', () => (changes += 1))
    dht.become('ready')
    expect([roads.state.kind, changes]).toEqual(['ready', 1])
    roads.close()
    expect(roads.state.kind).toBe('closed')
  })
})
