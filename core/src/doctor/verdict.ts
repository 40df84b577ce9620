import type { PrivacyLevel } from '../ice/index.ts'
import type { Ladder, RungFailure, RungName } from './ladder.ts'

export const verdictCodes = [
  'all-good',
  'webrtc-unavailable',
  'node-unreachable',
  'websocket-blocked',
  'dht-unreachable',
  'ice-servers-unavailable',
  'udp-blocked',
  'turn-credentials',
  'turn-refused',
  'turn-unreachable',
  'no-turn-configured',
  'stun-unreachable',
  'local-network-only',
] as const
/** What stands in the way. Stable; words for people are the frontend's. */
export type VerdictCode = (typeof verdictCodes)[number]

export interface Finding {
  /** `blocked`: calls of this room do not connect. `limited`: some do, or by a longer way. */
  readonly level: 'good' | 'limited' | 'blocked'
  readonly code: VerdictCode
}

/** The finding that matters most, and every other one that was made. */
export interface Verdict extends Finding {
  readonly also: readonly Finding[]
}

/**
 * Names what blocks calls. The privacy level matters: `lan` needs no server, `standard` a public address or a TURN server,
 * `hidden` a TURN server. What a browser hides from pages is not guessed: a TLS proxy that breaks connections looks like a
 * server that is down.
 */
export function verdictOf(ladder: Ladder, privacy: PrivacyLevel): Verdict {
  const findings = [...roads(ladder), ...media(ladder, privacy)]
  const worst = findings.find(({ level }) => level === 'blocked') ?? findings[0]
  return worst
    ? { ...worst, also: findings.filter((one) => one !== worst) }
    : { level: 'good', code: 'all-good', also: [] }
}

/** How participants find each other. */
function roads({ rungs, network }: Ladder): Finding[] {
  const findings: Finding[] = []
  const relay = causeOf(rungs.relay)
  if (relay === 'node-unreachable') findings.push({ level: 'blocked', code: 'node-unreachable' })
  else if (relay !== undefined) findings.push({ level: 'blocked', code: 'websocket-blocked' })
  if (rungs.dht.kind === 'failed') findings.push({ level: 'blocked', code: 'dht-unreachable' })
  if (network === 'local') findings.push({ level: 'limited', code: 'local-network-only' })
  return findings
}

/** How sound and picture get from one to the other. */
function media({ rungs }: Ladder, privacy: PrivacyLevel): Finding[] {
  if (causeOf(rungs.direct) === 'webrtc-unavailable') return [{ level: 'blocked', code: 'webrtc-unavailable' }]
  const passed = (name: RungName): boolean => rungs[name].kind === 'passed'
  const silent = (name: RungName): boolean => causeOf(rungs[name]) === 'no-answer'
  const turnRungs = [rungs['turn-udp'], rungs['turn-tcp'], rungs['turn-tls']]
  const streamTurn = passed('turn-tcp') || passed('turn-tls')
  const turn = passed('turn-udp') || streamTurn
  const bare = (privacy === 'lan' && passed('direct')) || (privacy !== 'hidden' && passed('stun'))
  const noUdp = !passed('stun') && !passed('turn-udp') && (silent('stun') || silent('turn-udp'))

  if (turn) {
    // A TURN server that is reached over TCP and not over UDP proves that the server is not what is missing.
    if (streamTurn && noUdp) return bare ? [] : [{ level: 'limited', code: 'udp-blocked' }]
    return privacy === 'standard' && rungs.stun.kind === 'failed'
      ? [{ level: 'limited', code: 'stun-unreachable' }]
      : []
  }
  const level = bare ? 'limited' : 'blocked'
  if (rungs.stun.kind === 'skipped' && rungs.stun.why === 'ice-servers-unavailable') {
    return privacy === 'lan' && bare ? [] : [{ level, code: 'ice-servers-unavailable' }]
  }
  const causes = turnRungs.map(causeOf)
  if (causes.some((cause) => cause === 'credentials-refused')) return [{ level, code: 'turn-credentials' }]
  if (causes.some((cause) => cause === 'forbidden' || cause === 'over-quota' || cause === 'server-error')) {
    return [{ level, code: 'turn-refused' }]
  }
  // An office network needs no relay; what was configured and fails was named above.
  if (privacy === 'lan' && bare) return []
  const streamConfigured = rungs['turn-tcp'].kind !== 'skipped' || rungs['turn-tls'].kind !== 'skipped'
  if (silent('stun') && noUdp && !streamConfigured) {
    return [{ level, code: 'udp-blocked' }]
  }
  if (turnRungs.every((rung) => rung.kind === 'skipped')) return [{ level, code: 'no-turn-configured' }]
  return [{ level, code: 'turn-unreachable' }]
}

function causeOf(rung: Ladder['rungs'][RungName]): RungFailure | undefined {
  return rung.kind === 'failed' ? rung.cause : undefined
}
