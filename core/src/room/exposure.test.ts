import { describe, expect, it } from 'vitest'
import type { PeerId } from '../identity/index.ts'
import type { PathFacts } from '../peer/index.ts'
import type { ExposureParty } from './exposure-view.ts'
import { exposureOf, type ExposureFacts } from './exposure.ts'

const ben = 'ben' as PeerId
type Kind = RTCIceCandidateType

function facts(pair: readonly [Kind, Kind] | undefined, sent: readonly Kind[], more: Partial<ExposureFacts> = {}) {
  const path: PathFacts = {
    pair: pair === undefined ? undefined : { local: pair[0], remote: pair[1] },
    sent: new Set(sent),
  }
  return exposureOf({
    privacy: 'standard',
    iceServers: [],
    roads: [{ name: 'dht', host: 'node.example.org' }],
    introducers: [],
    peers: [{ peerId: ben, name: 'Ben', path }],
    ...more,
  })
}

function find<K extends ExposureParty['kind']>(exposure: ReturnType<typeof exposureOf>, kind: K) {
  return exposure.parties.filter((party): party is Extract<ExposureParty, { kind: K }> => party.kind === kind)
}

describe('what a participant learns of our address', () => {
  it.each<[string, readonly [Kind, Kind] | undefined, readonly Kind[], string, string]>([
    ['nothing while nothing was sent', undefined, [], 'none', 'no'],
    ['nothing through our relay', ['relay', 'relay'], ['relay'], 'both-relays', 'no'],
    ['nothing when only it shows itself', ['relay', 'srflx'], ['relay'], 'our-relay', 'no'],
    ['the public one that was sent, even if a relay is in use', ['relay', 'relay'], ['srflx'], 'both-relays', 'public'],
    ['the public one when we reach its relay directly', ['srflx', 'relay'], ['relay'], 'their-relay', 'public'],
    ['the public one on a direct path', ['prflx', 'srflx'], ['relay'], 'direct', 'public'],
    ['the local one when it was sent', ['srflx', 'srflx'], ['host', 'srflx'], 'direct', 'local'],
  ])('%s', (_name, pair, sent, path, address) => {
    const [party] = find(facts(pair, sent), 'participant')
    expect(party).toMatchObject({ peerId: ben, name: 'Ben', path, learns: { address, roomSize: 'exactly' } })
    expect(party?.learns.timing).toBe(pair !== undefined)
  })
})

describe('what servers learn', () => {
  const iceServers = [
    { urls: ['stun:a.example.org:3478', 'turn:a.example.org:3478?transport=udp'] },
    { urls: 'turns:[2001:db8::1]:443?transport=tcp' },
  ]

  it('a TURN server learns timing only while it carries something', () => {
    const used = find(facts(['relay', 'srflx'], ['relay'], { iceServers }), 'turn')
    expect(used.map(({ host, learns }) => [host, learns.timing])).toEqual([
      ['a.example.org', true],
      ['[2001:db8::1]', true],
    ])
    const idle = find(facts(['srflx', 'srflx'], ['srflx'], { iceServers }), 'turn')
    expect(idle.map(({ learns }) => learns.timing)).toEqual([false, false])
    expect(idle.every(({ learns }) => learns.address === 'public')).toBe(true)
  })

  it('a server on this machine is given no address', () => {
    const local = [{ urls: ['stun:127.0.0.1:3478', 'turn:127.0.0.1:3478', 'turn:127.example.org'] }]
    const exposure = facts(['relay', 'relay'], ['relay'], { iceServers: local })
    expect(find(exposure, 'turn').map(({ learns }) => learns.address)).toEqual(['no', 'public', 'no'])
    expect(find(exposure, 'stun').map(({ learns }) => learns.address)).toEqual(['no'])
  })

  it("the other end's TURN server shows up when we go through it", () => {
    const [theirs] = find(facts(['srflx', 'relay'], ['srflx']), 'turn')
    expect(theirs).toMatchObject({ host: undefined, learns: { address: 'public', timing: true, peers: true } })
    const [behindOurs] = find(facts(['relay', 'relay'], ['relay']), 'turn')
    expect(behindOurs).toMatchObject({ host: undefined, learns: { address: 'no', timing: true } })
    expect(find(facts(['relay', 'srflx'], ['relay']), 'turn')).toEqual([])
  })

  it('STUN is asked below hidden only', () => {
    expect(find(facts(undefined, [], { iceServers }), 'stun').map(({ host }) => host)).toEqual(['a.example.org'])
    const hidden = facts(undefined, [], { iceServers, privacy: 'hidden' })
    expect(find(hidden, 'stun')).toEqual([])
    expect(find(hidden, 'participant')[0]?.learns.peers).toBe(false)
  })

  it('the carrier always learns that somebody is there', () => {
    const [carrier] = find(facts(undefined, [], { peers: [] }), 'carrier')
    expect(carrier).toMatchObject({ host: 'node.example.org', learns: { address: 'public', roomSize: 'roughly' } })
  })
})

describe('what an introducer learns', () => {
  it('with whom we negotiate, when and how much, of nobody an address', () => {
    const introduced = facts(['srflx', 'srflx'], ['srflx'], { introducers: [ben] })
    expect(find(introduced, 'introducer')).toEqual([
      {
        kind: 'introducer',
        peerId: ben,
        name: 'Ben',
        learns: { address: 'no', timing: true, peers: true, roomSize: 'exactly' },
      },
    ])
    expect(find(facts(['srflx', 'srflx'], ['srflx']), 'introducer')).toEqual([])
  })
})
