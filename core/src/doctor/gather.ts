import type { PeerConnections } from '../runtime/index.ts'
import { attempt, type AttemptLimits } from './attempt.ts'
import type { RungFailure } from './ladder.ts'
import type { Reach } from './reach-relay.ts'

export interface GatherWish {
  readonly configuration: RTCConfiguration
  /** The candidate that proves the way. */
  readonly proof: 'any' | 'srflx' | 'relay'
}

const found: Reach = { kind: 'reached', with: undefined }

/** From the one that says most to the one that says least. */
const tellingFirst: readonly RungFailure[] = [
  'credentials-refused',
  'over-quota',
  'forbidden',
  'server-error',
  'name-unresolved',
  'no-answer',
]

/**
 * Gathers ICE candidates until the proof is there. Nothing is sent to anybody but the servers of the configuration.
 *
 * A STUN server that answers with the address we have already (no translation on the way) yields no candidate of its own:
 * gathering that ends before the deadline without one error counts as its answer, because browsers go on asking a silent
 * server for longer than that.
 */
export function gather(
  limits: AttemptLimits,
  peerConnections: PeerConnections,
  { configuration, proof }: GatherWish,
): Promise<Reach> {
  const causes = new Set<RungFailure>()
  const missing = (otherwise: RungFailure): Reach => ({
    kind: 'not-reached',
    cause: tellingFirst.find((cause) => causes.has(cause)) ?? otherwise,
  })
  const nothing: RungFailure = proof === 'any' ? 'no-candidates' : 'no-answer'
  return attempt<Reach>(
    limits,
    () => missing(nothing),
    (scope, settle) => {
      const unavailable = () => {
        settle({ kind: 'not-reached', cause: 'webrtc-unavailable' })
      }
      let connection: RTCPeerConnection
      try {
        connection = peerConnections.create(configuration)
      } catch {
        unavailable()
        return
      }
      scope.onEnd(() => {
        connection.onicecandidate = connection.onicecandidateerror = connection.onicegatheringstatechange = null
        connection.close()
      })
      connection.onicecandidate = ({ candidate }) => {
        const type = / typ (host|srflx|prflx|relay)\b/.exec(candidate?.candidate ?? '')?.[1]
        if (type !== undefined && (proof === 'any' || proof === type)) settle(found)
      }
      connection.onicecandidateerror = (event) => {
        const cause = causeOf(event.errorCode, event.errorText)
        if (cause !== undefined) causes.add(cause)
      }
      connection.onicegatheringstatechange = () => {
        if (connection.iceGatheringState !== 'complete') return
        // Without a NAT there is nothing for STUN to add. A browser that reports no errors cannot be taken at its silence.
        const wouldHaveSaid = 'onicecandidateerror' in connection
        settle(proof === 'srflx' && causes.size === 0 && wouldHaveSaid ? found : missing(nothing))
      }
      try {
        connection.createDataChannel('', { negotiated: true, id: 0 })
        connection.setLocalDescription().catch(unavailable)
      } catch {
        unavailable()
      }
    },
  )
}

/**
 * What an `icecandidateerror` says (RFC 8489 section 18.3, RFC 8656 section 19; 701 is the browser's own: the server was not
 * reached). Undefined for one that says nothing about the server: an interface of the wrong address family.
 */
export function causeOf(code: number, text: string): RungFailure | undefined {
  switch (code) {
    case 401:
    case 438:
    case 441:
      return 'credentials-refused'
    case 403:
      return 'forbidden'
    case 486:
    case 508:
      return 'over-quota'
    case 701:
      if (/incompatible|not associated/i.test(text)) return undefined
      return /lookup/i.test(text) ? 'name-unresolved' : 'no-answer'
    default:
      return 'server-error'
  }
}
