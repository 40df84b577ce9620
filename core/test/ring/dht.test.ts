import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseRoomLink } from '../../src/link/index.ts'
import { nativeDhtCarrier } from '../../src/node.ts'
import { systemClock } from '../../src/runtime/platform/index.ts'
import { startDhtTestnet, type DhtTestnet } from '../../src/testing/index.ts'
import { befriend, Neighbour, reaches, type Post } from './neighbour.ts'
import { recordedCarrier } from './recorded-carrier.ts'
import { holdsAny, secretsOf } from './secrets-of.ts'

let testnet: DhtTestnet
let posts: Post[] = []
let captured: Uint8Array[] = []
let ada: Neighbour
let ben: Neighbour

beforeAll(async () => {
  testnet = await startDhtTestnet(6)
})

afterAll(() => testnet.close())

beforeEach(async () => {
  ;[ada, ben] = await Promise.all([Neighbour.create(), Neighbour.create(2)])
  befriend(ada, ben)
})

afterEach(() => {
  for (const post of posts) post.scope.end()
  posts = []
  captured = []
})

/** One of their devices on the DHT. */
function on(whose: Neighbour, index = 0): Post {
  const carrier = nativeDhtCarrier({ bootstrap: testnet.bootstrap, host: '127.0.0.1' })
  const post = whose.device({ carrier: recordedCarrier(carrier, captured), clock: systemClock }, index)
  post.scope.onEnd(() => {
    carrier.close()
  })
  posts.push(post)
  return post
}

async function listening(whose: Neighbour, index = 0): Promise<Post> {
  const post = on(whose, index)
  await post.ringer.listen()
  return post
}

describe('over the DHT', () => {
  it('a contact rings, the call is accepted, and the link arrives; the road saw neither link nor key', async () => {
    const [caller, callee] = [on(ada), await listening(ben)]
    const call = caller.call(ben.record, true)
    const incoming = await callee.rung()
    expect([incoming.from.id, incoming.video, incoming.name]).toEqual([ada.id, true, 'Neighbour'])
    const linkCode = await incoming.accept()
    expect(await reaches(call, 'accepted')).toEqual({ kind: 'accepted', linkCode })
    expect((await parseRoomLink(linkCode)).secret).toHaveLength(32)
    expect(captured.length).toBeGreaterThan(10)
    expect(holdsAny(captured, secretsOf([ada, ben], linkCode))).toBe(false)
  })

  it('two devices ring; one declines, and both are quiet', async () => {
    const [caller, laptop, phone] = [on(ada), await listening(ben, 0), await listening(ben, 1)]
    const call = caller.call(ben.record)
    const [onLaptop, onPhone] = await Promise.all([laptop.rung(), phone.rung()])
    onPhone.decline()
    await reaches(call, 'declined')
    await reaches(onLaptop, 'cancelled')
    expect(onLaptop.state).toEqual({ kind: 'cancelled', reason: 'declined-elsewhere' })
  })

  it('the caller gives up', async () => {
    const [caller, callee] = [on(ada), await listening(ben)]
    const call = caller.call(ben.record)
    const incoming = await callee.rung()
    call.cancel()
    await reaches(incoming, 'cancelled')
    expect(incoming.state).toEqual({ kind: 'cancelled', reason: 'withdrawn' })
  })

  it('a stranger is noted and rings nothing, then a contact does', async () => {
    const callee = await listening(ben)
    const eve = on(await Neighbour.create())
    const call = eve.call(ben.record)
    await reaches(call, 'noted')
    expect([callee.requests.length, callee.incoming, eve.links]).toEqual([1, [], []])
    on(ada).call(ben.record)
    expect((await callee.rung()).from.id).toBe(ada.id)
  })

  it('a revoked device is deaf and mute', async () => {
    const old = ben.record
    ada.known.set(ben.id, await ben.signAgain(2, [ben.devices[0]!]))
    const carrier = nativeDhtCarrier({ bootstrap: testnet.bootstrap, host: '127.0.0.1' })
    const stolen = ben.device({ carrier, clock: systemClock }, 1, () => old)
    stolen.scope.onEnd(() => {
      carrier.close()
    })
    posts.push(stolen)
    await stolen.ringer.listen()
    const [hers, laptop] = [await listening(ada), await listening(ben)]
    stolen.call(ada.record)
    hers.call(ben.record)
    await laptop.rung()
    expect([stolen.incoming, stolen.met, hers.incoming, hers.requests]).toEqual([[], [], [], []])
  })

  it('two who call each other get one call', async () => {
    const [hers, his] = [await listening(ada), await listening(ben)]
    const [herCall, hisCall] = [hers.call(ben.record), his.call(ada.record)]
    await Promise.all([reaches(herCall, 'accepted'), reaches(hisCall, 'accepted')])
    expect(herCall.state).toEqual(hisCall.state)
    expect(hers.links.length + his.links.length).toBe(1)
  })
})
