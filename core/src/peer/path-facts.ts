/** What is known of the way to a peer, as the platform reports it and as we have sent it. */
export interface PathFacts {
  /** The candidate pair in use; undefined while there is none, or where the platform does not tell. */
  readonly pair: { readonly local: RTCIceCandidateType; readonly remote: RTCIceCandidateType } | undefined
  /** Kinds of our candidates that were sent to this peer, at any time. */
  readonly sent: ReadonlySet<RTCIceCandidateType>
}

interface StatsEntry {
  readonly type: string
  readonly id: string
  readonly selectedCandidatePairId?: string
  readonly nominated?: boolean
  readonly state?: string
  readonly localCandidateId?: string
  readonly remoteCandidateId?: string
  readonly candidateType?: string
}

const kinds: ReadonlySet<string> = new Set<RTCIceCandidateType>(['host', 'srflx', 'prflx', 'relay'])

/** The selected pair in a statistics report (webrtc-stats, `RTCTransportStats.selectedCandidatePairId`). */
export function selectedPair(report: RTCStatsReport): PathFacts['pair'] {
  const entries = new Map<string, StatsEntry>()
  report.forEach((entry: StatsEntry) => entries.set(entry.id, entry))
  const all = [...entries.values()]
  const transport = all.find(({ type, selectedCandidatePairId }) => type === 'transport' && selectedCandidatePairId)
  // Firefox has no transport entry and marks the pair itself.
  const pair =
    entries.get(transport?.selectedCandidatePairId ?? '') ??
    all.find(({ type, nominated, state }) => type === 'candidate-pair' && nominated === true && state === 'succeeded')
  const local = kindOf(entries.get(pair?.localCandidateId ?? ''))
  const remote = kindOf(entries.get(pair?.remoteCandidateId ?? ''))
  return local === undefined || remote === undefined ? undefined : { local, remote }
}

function kindOf(candidate: StatsEntry | undefined): RTCIceCandidateType | undefined {
  const kind = candidate?.candidateType
  return kind !== undefined && kinds.has(kind) ? (kind as RTCIceCandidateType) : undefined
}
