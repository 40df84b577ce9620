import type { Clock, Random } from '@p2pigeon/core/node'
import type { RosterCommand } from './command.ts'

export interface RosterPorts {
  readonly folder: string
  readonly out: (line: string) => void
  readonly clock: Clock
  readonly random: Random
}

/**
 * Makes, signs or shows what organisations say of their people. Loaded when asked for: who enters a room needs nothing of it.
 * @throws {UsageError} with a message for the user: `bad-key-file`, `bad-members-file`, `bad-roster-file`, `bad-arguments`.
 */
export async function performRoster(command: RosterCommand, ports: RosterPorts): Promise<void> {
  const { perform } = await import('./perform.ts')
  return perform(command, ports)
}
