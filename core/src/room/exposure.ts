import type { PeerId } from '../identity/index.ts'
import { isLoopbackHost, serverHosts, type PrivacyLevel } from '../ice/index.ts'
import type { PathFacts } from '../peer/index.ts'
import type { RoadView } from '../signalling/index.ts'
import type { Exposure, ExposureParty, Learns } from './exposure-view.ts'

export interface ExposureFacts {
  readonly privacy: PrivacyLevel
  readonly iceServers: readonly RTCIceServer[]
  /** Those in use. */
  readonly roads: readonly Pick<RoadView, 'name' | 'host'>[]
  /** Participants by whom streams of this device go to others. */
  readonly introducers: readonly PeerId[]
  readonly peers: readonly { readonly peerId: PeerId; readonly name: string; readonly path: PathFacts }[]
}

type PathName = Extract<ExposureParty, { kind: 'participant' }>['path']

/**
 * Who learns what, from facts alone:
 *
 * | fact                                        | who learns                                             |
 * | we sent or use a host candidate             | that participant: our local address                     |
 * | we sent or use a public candidate           | that participant: our public address                    |
 * | our side of the pair is a relay             | our TURN server: timing; the participant: no address    |
 * | their side is a relay                       | their TURN server: timing, and our address if our side is no relay |
 * | a participant passes our negotiation on     | it: with whom, when and how much of that; no address    |
 * | a TURN or STUN server is configured         | it, as the platform asks it for candidates: our address |
 * | that server is on this very machine           | no address leaves for it                               |
 *
 * With `hidden`, the platform asks no STUN server.
 */
export function exposureOf({ privacy, iceServers, roads, introducers, peers }: ExposureFacts): Exposure {
  const participants = peers.map(({ peerId, name, path }): ExposureParty => {
    const learns: Learns = {
      address: addressShown(path),
      timing: path.pair !== undefined,
      peers: privacy !== 'hidden',
      roomSize: 'exactly',
    }
    return { kind: 'participant', peerId, name, path: pathName(path), learns }
  })
  // It knows as a member who they are; that they negotiate, when and how much, it learns from passing on what it cannot read.
  const between = peers
    .filter(({ peerId }) => introducers.includes(peerId))
    .map(({ peerId, name }): ExposureParty => ({
      kind: 'introducer',
      peerId,
      name,
      learns: { address: 'no', timing: true, peers: true, roomSize: 'exactly' },
    }))
  const pairs = peers.flatMap(({ path }) => path.pair ?? [])
  const turn = serverHosts(iceServers, 'turn').map((host): ExposureParty => {
    const carries = pairs.some(({ local }) => local === 'relay')
    return {
      kind: 'turn',
      host,
      learns: { address: addressGiven(host), timing: carries, peers: peers.length > 0, roomSize: 'no' },
    }
  })
  const throughTheirs = pairs.filter(({ remote }) => remote === 'relay')
  // Behind our own relay, theirs sees that relay's address instead of ours.
  const address = throughTheirs.some(({ local }) => local !== 'relay') ? 'public' : 'no'
  const theirTurn: ExposureParty[] =
    throughTheirs.length > 0
      ? [{ kind: 'turn', host: undefined, learns: { address, timing: true, peers: true, roomSize: 'no' } }]
      : []
  const stun = (privacy === 'hidden' ? [] : serverHosts(iceServers, 'stun')).map((host): ExposureParty => ({
    kind: 'stun',
    host,
    learns: { address: addressGiven(host), timing: false, peers: false, roomSize: 'no' },
  }))
  const carriers = roads.map(({ name, host }): ExposureParty => ({
    kind: 'carrier',
    road: name,
    host,
    learns: { address: 'public', timing: true, peers: true, roomSize: 'roughly' },
  }))
  return { privacy, parties: [...participants, ...between, ...turn, ...theirTurn, ...stun, ...carriers] }
}

function addressShown({ pair, sent }: PathFacts): Learns['address'] {
  if (sent.has('host') || pair?.local === 'host') return 'local'
  const shown = sent.has('srflx') || sent.has('prflx') || (pair !== undefined && pair.local !== 'relay')
  return shown ? 'public' : 'no'
}

function pathName({ pair }: PathFacts): PathName {
  if (pair === undefined) return 'none'
  if (pair.local === 'relay') return pair.remote === 'relay' ? 'both-relays' : 'our-relay'
  return pair.remote === 'relay' ? 'their-relay' : 'direct'
}

/** What asking a server shows it. */
function addressGiven(host: string): Learns['address'] {
  return isLoopbackHost(host) ? 'no' : 'public'
}
