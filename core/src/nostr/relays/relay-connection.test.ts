import { beforeEach, describe, expect, it } from 'vitest'
import { webRandom } from '../../runtime/platform/index.ts'
import type { TextSocket, TextSocketHandlers, TextSockets } from '../../runtime/index.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { isGenuine, readEvent, signEvent, type NostrEvent } from '../event.ts'
import { SeenIds } from '../seen-ids.ts'
import { freshSigner, type NostrSigner } from '../signer.ts'
import { RelayConnection } from './relay-connection.ts'

/** One socket as the relay sees it. */
class FakeSocket implements TextSocket {
  readonly sent: unknown[][] = []
  readonly handlers: TextSocketHandlers
  bufferedBytes = 0
  isClosed = false

  constructor(handlers: TextSocketHandlers) {
    this.handlers = handlers
  }

  send(message: string): void {
    this.sent.push(JSON.parse(message) as unknown[])
  }

  close(): void {
    this.isClosed = true
  }

  says(...message: unknown[]): void {
    this.handlers.received(JSON.stringify(message))
  }

  /** What was sent of one type, since the last time. */
  take(type: string): unknown[][] {
    const taken = this.sent.filter(([first]) => first === type)
    for (const one of taken) this.sent.splice(this.sent.indexOf(one), 1)
    return taken
  }
}

class FakeSockets implements TextSockets {
  readonly all: FakeSocket[] = []

  connectText(_url: string, handlers: TextSocketHandlers): FakeSocket {
    const socket = new FakeSocket(handlers)
    this.all.push(socket)
    return socket
  }

  get last(): FakeSocket {
    const socket = this.all.at(-1)
    if (socket === undefined) throw new Error('nobody has connected')
    return socket
  }
}

const author = freshSigner(webRandom)
const url = 'wss://relay.example'
const filters = [{ kinds: [1] }]
const byEvent = (content: string) => signEvent({ kind: 1, created_at: 1_700_000_000, tags: [], content }, author)
/** Lets signatures happen. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 10))

let clock: FakeClock
let sockets: FakeSockets

beforeEach(() => {
  clock = new FakeClock()
  sockets = new FakeSockets()
})

function connect(signer?: NostrSigner | (() => NostrSigner | undefined)): RelayConnection {
  return new RelayConnection({
    url,
    sockets,
    clock,
    random: webRandom,
    signer: typeof signer === 'function' ? signer : () => signer,
    stateChanged: () => undefined,
  })
}

function opened(signer?: Parameters<typeof connect>[0]): RelayConnection {
  const relay = connect(signer)
  sockets.last.handlers.opened()
  return relay
}

function read(relay: RelayConnection, name = 's1') {
  const contents: string[] = []
  const seen = new SeenIds(10_000)
  const reading = {
    contents,
    stored: 0,
    refused: 0,
    undo: relay.subscribe(name, {
      filters,
      isNew: (id) => !seen.has(id),
      event: (event) => {
        seen.add(event.id)
        contents.push(event.content)
      },
      stored: (isRefused?: true) => {
        reading.stored += 1
        if (isRefused === true) reading.refused += 1
      },
    }),
  }
  return reading
}

function publish(relay: RelayConnection, event: NostrEvent) {
  const outcomes: (readonly [accepted: boolean, reason: string])[] = []
  const undo = relay.publish(event, (...outcome) => outcomes.push(outcome))
  return { outcomes, undo }
}

describe('a connection', () => {
  it('is tried again with growing pauses, which start anew after one that lasted', () => {
    const relay = connect()
    const pauses: number[] = []
    for (let count = 0; count < 12; count++) {
      sockets.last.handlers.closed()
      expect(relay.state).toBe('waiting')
      const [before, from] = [sockets.all.length, clock.now()]
      while (sockets.all.length === before) clock.advance(50)
      pauses.push(clock.now() - from)
    }
    expect(pauses[0]).toBeLessThanOrEqual(500)
    expect(pauses[3]).toBeGreaterThan(2_000)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(60_050)
    sockets.last.handlers.opened()
    sockets.last.says('NOTICE', 'hello')
    expect(relay.failures).toBe(12)
    clock.advance(30_000)
    expect(relay.failures).toBe(0)
  })

  it('is given up if it does not open in time', () => {
    const relay = connect()
    clock.advance(8_000)
    expect(relay.state).toBe('waiting')
    expect(sockets.last.isClosed).toBe(true)
    // Too late, and of a socket that nobody has any more.
    sockets.last.handlers.opened()
    expect(relay.state).toBe('waiting')
  })

  it('that is silent is asked, and lost if it stays silent', () => {
    const relay = opened()
    for (let count = 0; count < 3; count++) {
      clock.advance(30_000)
      expect(sockets.last.take('REQ')).toHaveLength(1)
      sockets.last.says('EOSE', 'alive')
      clock.advance(30_000)
      expect(relay.state).toBe('ready')
    }
    clock.advance(60_000)
    expect(relay.state).toBe('waiting')
    expect(sockets.last.isClosed).toBe(true)
  })

  it('ends for good, and tells whoever waits', async () => {
    const relay = opened()
    const { outcomes } = publish(relay, await byEvent('late'))
    relay.close()
    expect(outcomes).toEqual([[false, 'closed']])
    expect(sockets.last.isClosed).toBe(true)
    sockets.last.handlers.closed()
    expect(relay.state).toBe('closed')
    expect(clock.pending).toBe(0)
    expect(publish(relay, await byEvent('later')).outcomes).toEqual([[false, 'closed']])
  })
})

describe('a subscription', () => {
  it('is asked for again after a loss', () => {
    const relay = connect()
    const { undo } = read(relay)
    const other = read(relay, 's2')
    sockets.last.handlers.opened()
    expect(sockets.last.take('REQ')).toEqual([
      ['REQ', 's1', ...filters],
      ['REQ', 's2', ...filters],
    ])
    undo()
    expect(sockets.last.take('CLOSE')).toEqual([['CLOSE', 's1']])
    sockets.last.handlers.closed()
    clock.advance(500)
    sockets.last.handlers.opened()
    expect(sockets.last.take('REQ')).toEqual([['REQ', 's2', ...filters]])
    other.undo()
  })

  it('that the relay ended is asked for again later, with one question', () => {
    const reading = read(opened())
    sockets.last.take('REQ')
    for (let count = 0; count < 10; count++) sockets.last.says('CLOSED', 's1', 'error: busy')
    expect(reading.stored).toBe(10)
    clock.advance(29_000)
    sockets.last.says('NOTICE', 'still here')
    expect(sockets.last.take('REQ')).toEqual([])
    clock.advance(1_000)
    expect(sockets.last.take('REQ')).toEqual([['REQ', 's1', ...filters]])
  })

  it('C3: is given nothing that is not genuine, and leaves a relay that goes on', async () => {
    const relay = opened()
    const reading = read(relay)
    const [event, other] = [await byEvent('one'), await byEvent('two')]
    sockets.last.says('EVENT', 's1', { ...event, content: 'changed' })
    sockets.last.says('EVENT', 's1', { ...other, id: event.id })
    sockets.last.says('EVENT', 's1', event)
    sockets.last.says('EVENT', 's1', event)
    // Its id was verified, this body was not.
    sockets.last.says('EVENT', 's1', { ...event, content: 'changed' })
    sockets.last.says('EVENT', 'other', other)
    expect(reading.contents).toEqual(['one'])
    for (let count = 0; count < 18; count++) sockets.last.says('EVENT', 's1', { ...other, sig: event.sig })
    expect(relay.state).toBe('waiting')
    expect(sockets.last.isClosed).toBe(true)
  })

  it.each([
    ['no JSON', '{'],
    ['no list', '{}'],
    ['of no known type', '["WHAT"]'],
    ['an event that is none', '["EVENT","s1",{}]'],
    ['far too long', `["NOTICE","${'x'.repeat(300_000)}"]`],
    ['very deep', '['.repeat(200_000)],
  ])('C2: leaves a relay that says what is %s', (_name, text) => {
    const relay = opened()
    for (let count = 0; count < 19; count++) sockets.last.handlers.received(text)
    expect(relay.state).toBe('ready')
    sockets.last.handlers.received(text)
    expect(relay.state).toBe('waiting')
  })

  it('leaves a relay that floods, and listens to it again afterwards', async () => {
    const relay = opened()
    const flood = JSON.stringify(['EVENT', 's1', await byEvent('again and again')])
    let count = 0
    relay.subscribe('s1', { filters, isNew: () => true, event: () => (count += 1), stored: () => undefined })
    while (relay.state === 'ready') sockets.last.handlers.received(flood)
    expect(count).toBe(4_000)
    clock.advance(1_000)
    sockets.last.handlers.opened()
    sockets.last.handlers.received(flood)
    expect(count).toBe(4_001)
  }, 60_000)
})

describe('a publication', () => {
  it('waits for the connection, and for each answer its own', async () => {
    const relay = connect()
    const [one, two] = [await byEvent('one'), await byEvent('two')]
    const first = publish(relay, one)
    const second = publish(relay, two)
    const same = publish(relay, one)
    expect(relay.isBusy).toBe(true)
    sockets.last.handlers.opened()
    expect(sockets.last.take('EVENT')).toHaveLength(2)
    sockets.last.says('OK', two.id, false, 'blocked: no')
    sockets.last.says('OK', one.id, true, '')
    sockets.last.says('OK', one.id, false, 'again')
    expect(first.outcomes).toEqual([[true, '']])
    expect(same.outcomes).toEqual([[true, '']])
    expect(second.outcomes).toEqual([[false, 'blocked: no']])
    expect(relay.isBusy).toBe(false)
  })

  it('that nobody waits for is forgotten', async () => {
    const relay = connect()
    const event = await byEvent('one')
    const [one, other] = [publish(relay, event), publish(relay, event)]
    one.undo()
    expect(relay.isBusy).toBe(true)
    other.undo()
    expect(relay.isBusy).toBe(false)
    sockets.last.handlers.opened()
    expect(sockets.last.take('EVENT')).toEqual([])
  })

  it('is one of so many', async () => {
    const relay = connect()
    const event = await byEvent('one')
    for (let count = 0; count < 1_024; count++) publish(relay, { ...event, id: count.toString(16).padStart(64, '0') })
    expect(publish(relay, event).outcomes).toEqual([[false, 'busy']])
  })

  it('does not pile up behind a relay that is too slow', async () => {
    const relay = opened()
    sockets.last.bufferedBytes = 9 << 20
    publish(relay, await byEvent('one'))
    expect(relay.state).toBe('waiting')
    expect(sockets.last.sent).toEqual([])
  })
})

describe('NIP-42', () => {
  const authOf = (socket: FakeSocket) => socket.take('AUTH').map(([, event]) => readEvent(event))

  it('says who reads, then asks and publishes again', async () => {
    const signer = freshSigner(webRandom)
    const relay = opened(signer)
    const reading = read(relay)
    const event = await byEvent('one')
    const { outcomes } = publish(relay, event)
    sockets.last.take('REQ')
    sockets.last.take('EVENT')
    sockets.last.says('CLOSED', 's1', 'auth-required: who are you?')
    sockets.last.says('OK', event.id, false, 'auth-required: who are you?')
    sockets.last.says('AUTH', 'a challenge')
    await settled()
    const [answer] = authOf(sockets.last)
    if (answer === undefined) throw new Error('no answer')
    expect(isGenuine(answer)).toBe(true)
    expect(answer).toMatchObject({
      kind: 22_242,
      pubkey: signer.publicKey,
      created_at: clock.now() / 1_000,
      tags: [
        ['relay', url],
        ['challenge', 'a challenge'],
      ],
    })
    expect([reading.stored, outcomes, sockets.last.take('REQ')]).toEqual([0, [], []])
    sockets.last.says('OK', answer.id, true, '')
    expect(sockets.last.take('REQ')).toEqual([['REQ', 's1', ...filters]])
    expect(sockets.last.take('EVENT')).toHaveLength(1)
    // Now it is a refusal.
    sockets.last.says('OK', event.id, false, 'restricted: not you')
    sockets.last.says('CLOSED', 's1', 'restricted: not you')
    expect(outcomes).toEqual([[false, 'restricted: not you']])
    expect(reading.stored).toBe(1)
  })

  it('takes a refusal for an answer', async () => {
    const relay = opened(freshSigner(webRandom))
    const reading = read(relay)
    const event = await byEvent('one')
    const { outcomes } = publish(relay, event)
    sockets.last.says('CLOSED', 's1', 'auth-required: who are you?')
    sockets.last.says('OK', event.id, false, 'auth-required: who are you?')
    sockets.last.says('AUTH', 'a challenge')
    await settled()
    sockets.last.says('OK', authOf(sockets.last)[0]?.id, false, 'restricted: not you')
    expect(outcomes).toEqual([[false, 'restricted: not you']])
    expect([reading.stored, reading.refused]).toEqual([1, 1])
  })

  it('says nothing to a relay that asks for no end, nor without a signer', async () => {
    opened(freshSigner(webRandom))
    for (let count = 0; count < 50; count++) sockets.last.says('AUTH', `challenge ${count}`)
    await settled()
    expect(authOf(sockets.last)).toHaveLength(4)
    const relay = opened()
    const reading = read(relay)
    sockets.last.says('AUTH', 'a challenge')
    sockets.last.says('CLOSED', 's1', 'auth-required: who are you?')
    await settled()
    expect(authOf(sockets.last)).toEqual([])
    expect(reading.stored).toBe(1)
  })

  it('lets go of what waits for an answer that is not to be given any more, even when it is signed already', async () => {
    let signer: NostrSigner | undefined = freshSigner(webRandom)
    const relay = opened(() => signer)
    const reading = read(relay)
    const event = await byEvent('one')
    const { outcomes } = publish(relay, event)
    sockets.last.says('CLOSED', 's1', 'auth-required: who are you?')
    sockets.last.says('OK', event.id, false, 'auth-required: who are you?')
    sockets.last.says('AUTH', 'a challenge')
    signer = undefined
    relay.signerChanged()
    await settled()
    expect(authOf(sockets.last)).toEqual([])
    expect([outcomes.length, reading.stored, reading.refused]).toEqual([1, 1, 1])
    // It has not been answered yet.
    signer = freshSigner(webRandom)
    relay.signerChanged()
    await settled()
    expect(authOf(sockets.last)).toMatchObject([{ pubkey: signer.publicKey }])
    expect(sockets.all).toHaveLength(1)
  })

  it('answers each connection by itself', async () => {
    const relay = opened(freshSigner(webRandom))
    sockets.last.says('AUTH', 'a challenge')
    sockets.last.handlers.closed()
    clock.advance(500)
    sockets.last.handlers.opened()
    await settled()
    expect(sockets.all.flatMap(authOf)).toEqual([])
    expect(relay.state).toBe('ready')
  })
})
