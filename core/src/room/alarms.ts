import type { Authority } from './authority.ts'
import type { RoomAlarm } from './view.ts'

/** What everybody must be told loudly, by what the log says. */
export function alarmsOf({ state, historyMissing }: Pick<Authority, 'state' | 'historyMissing'>): RoomAlarm[] {
  const forks = state.forks.map(({ author }) => ({
    kind: 'equivocation' as const,
    by: author,
    byHost: author === state.host,
  }))
  return historyMissing ? [...forks, { kind: 'history-missing' }] : forks
}
