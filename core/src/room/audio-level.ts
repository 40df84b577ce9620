import type { PeerSession } from '../peer/index.ts'

/** Loudness of what arrives from a peer, 0 to 1, as the browser measures it on the decoded sound. */
export async function audioLevelOf(session: PeerSession): Promise<number> {
  let level = 0
  const report = await session.stats()
  report.forEach((entry: { type: string; kind?: string; audioLevel?: number }) => {
    if (entry.type === 'inbound-rtp' && entry.kind === 'audio') level = Math.max(level, entry.audioLevel ?? 0)
  })
  return level
}
