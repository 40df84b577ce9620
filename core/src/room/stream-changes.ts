import type { Member } from './member.ts'

const sources = ['camera', 'screen'] as const

export interface StreamHooks {
  added(stream: MediaStream, source: 'camera' | 'screen'): void
  removed(source: 'camera' | 'screen'): void
}

/** Runs a change of a member's media and tells which streams came and went by it. */
export function tellStreamChanges(member: Member, change: () => void, hooks: StreamHooks): void {
  const before = streamsOf(member)
  change()
  const after = streamsOf(member)
  for (const source of sources) {
    const stream = after[source]
    if (before[source] === stream) continue
    if (before[source] !== undefined) hooks.removed(source)
    if (stream !== undefined) hooks.added(stream, source)
  }
}

/** Tells that every stream of a member is gone. */
export function tellStreamsGone(member: Member, hooks: StreamHooks): void {
  for (const source of sources) if (streamsOf(member)[source] !== undefined) hooks.removed(source)
}

function streamsOf({ stream, screenStream }: Member) {
  return { camera: stream, screen: screenStream }
}
