import type { Runtime, Sockets } from '../runtime/index.ts'
import { attempt, type AttemptLimits } from './attempt.ts'
import { gather } from './gather.ts'
import { iceGroups, type IceRung } from './ice-groups.ts'
import { rungNames, type Ladder, type LadderProgress, type RungName, type RungResult } from './ladder.ts'
import { openRelay, reachRelay, searchDht, type Reach, type RelayTargets } from './reach-relay.ts'

export type DoctorPorts = Pick<Runtime, 'clock' | 'random' | 'peerConnections'> & { readonly sockets: Sockets }

export interface DoctorTargets extends RelayTargets {
  /** The servers a call would use. Rejects when they cannot be had. */
  readonly iceServers: () => Promise<readonly RTCIceServer[]>
}

export interface CheckOptions {
  readonly signal?: AbortSignal
  /** Called after each rung with everything known so far. */
  readonly onProgress?: (progress: LadderProgress) => void
}

/**
 * Longest time of one rung, in ms, and of finding out the ICE servers. Browsers ask a silent STUN server for almost ten
 * seconds (RFC 8489 section 6.2.1), so a rung ends before they do; see `gather` for why that matters.
 */
export const rungDeadlineMs = 8_000

/**
 * Tries every way at once and tells which work: they use connections of their own, as many as one participant of a call
 * does. Ends after `2 × rungDeadlineMs` at the latest.
 * @throws the signal's reason when aborted; nothing else.
 */
export async function checkConnection(
  ports: DoctorPorts,
  targets: DoctorTargets,
  { signal = new AbortController().signal, onProgress }: CheckOptions = {},
): Promise<Ladder> {
  const { clock, peerConnections } = ports
  const startedAtMs = clock.now()
  const limits: AttemptLimits = { clock, signal, deadlineMs: rungDeadlineMs }
  const results = new Map<RungName, RungResult>()
  const enter = (rung: RungName, result: RungResult): void => {
    results.set(rung, result)
    onProgress?.(Object.fromEntries(results))
  }
  const timed = async <T>(rung: RungName, run: () => Promise<Reach<T>>): Promise<Reach<T>> => {
    const began = clock.now()
    const outcome = await run()
    const ms = Math.max(0, Math.round(clock.now() - began))
    enter(rung, outcome.kind === 'reached' ? { kind: 'passed', ms } : { kind: 'failed', cause: outcome.cause, ms })
    return outcome
  }
  const viaServers = async (rung: IceRung, known: Promise<ReturnType<typeof iceGroups> | undefined>): Promise<void> => {
    const iceServers = (await known)?.[rung]
    if (iceServers === undefined) enter(rung, { kind: 'skipped', why: 'ice-servers-unavailable' })
    else if (iceServers.length === 0) enter(rung, { kind: 'skipped', why: 'not-configured' })
    else {
      const wish =
        rung === 'stun'
          ? { configuration: { iceServers: [...iceServers] }, proof: 'srflx' as const }
          : {
              configuration: { iceServers: [...iceServers], iceTransportPolicy: 'relay' as const },
              proof: 'relay' as const,
            }
      await timed(rung, () => gather(limits, peerConnections, wish))
    }
  }
  const viaRelay = async (): Promise<Ladder['network']> => {
    if (targets.relayUrls.length === 0) {
      enter('relay', { kind: 'skipped', why: 'not-configured' })
      enter('dht', { kind: 'skipped', why: 'relay-needed' })
      return undefined
    }
    const probe = openRelay(ports, targets.relayUrls)
    try {
      const reach = await timed('relay', () => reachRelay(limits, probe, targets))
      if (reach.kind === 'not-reached') {
        enter('dht', { kind: 'skipped', why: 'relay-needed' })
        return undefined
      }
      await timed('dht', () => searchDht(limits, probe.carrier, ports.random))
      return reach.with
    } finally {
      probe.carrier.close()
    }
  }

  const servers = knownServers(limits, targets)
  const [network] = await Promise.all([
    viaRelay(),
    timed('direct', () => gather(limits, peerConnections, { configuration: { iceServers: [] }, proof: 'any' })),
    ...(['stun', 'turn-udp', 'turn-tcp', 'turn-tls'] as const).map((rung) => viaServers(rung, servers)),
  ])
  return { startedAtMs, rungs: complete(results), network }
}

/** The servers by rung; undefined when they cannot be had in time. */
function knownServers(
  limits: AttemptLimits,
  { iceServers }: DoctorTargets,
): Promise<ReturnType<typeof iceGroups> | undefined> {
  return attempt<ReturnType<typeof iceGroups> | undefined>(
    limits,
    () => undefined,
    (_scope, settle) => {
      iceServers().then(
        (servers) => {
          settle(iceGroups(servers))
        },
        () => {
          settle(undefined)
        },
      )
    },
  )
}

function complete(results: ReadonlyMap<RungName, RungResult>): Ladder['rungs'] {
  const of = (name: RungName): RungResult => results.get(name) ?? { kind: 'skipped', why: 'not-configured' }
  return Object.fromEntries(rungNames.map((name) => [name, of(name)])) as Record<RungName, RungResult>
}
