interface NativeCandidate {
  readonly type: string
}

interface PairEntry {
  readonly type: RTCStatsType
  readonly id: string
  readonly timestamp: number
  readonly selectedCandidatePairId?: string
  readonly localCandidateId?: string
  readonly remoteCandidateId?: string
  readonly candidateType?: string
}

/** libdatachannel's selected pair in the form of a statistics report (webrtc-stats): kinds only, no address. */
export function pairStats(
  pair: { readonly local: NativeCandidate; readonly remote: NativeCandidate } | null,
): ReadonlyMap<string, PairEntry> {
  if (pair === null) return new Map()
  const entries: PairEntry[] = [
    { type: 'transport', id: 'transport', timestamp: 0, selectedCandidatePairId: 'pair' },
    { type: 'candidate-pair', id: 'pair', timestamp: 0, localCandidateId: 'local', remoteCandidateId: 'remote' },
    { type: 'local-candidate', id: 'local', timestamp: 0, candidateType: kindOf(pair.local) },
    { type: 'remote-candidate', id: 'remote', timestamp: 0, candidateType: kindOf(pair.remote) },
  ]
  return new Map(entries.map((entry) => [entry.id, entry]))
}

/** libdatachannel's words for candidate types, by RFC 8839's. */
function kindOf({ type }: NativeCandidate): string {
  const words: Readonly<Record<string, string>> = {
    host: 'host',
    serverreflexive: 'srflx',
    peerreflexive: 'prflx',
    relayed: 'relay',
  }
  const word = type.toLowerCase().replaceAll(/[^a-z]/g, '')
  return words[word] ?? word
}
