import type { RosterCommand } from './command.ts'
import type { RosterPorts } from './ports.ts'

/**
 * Makes, signs or shows what organisations say of their people. Loaded when asked for: who enters a room needs nothing of it.
 * @throws {UsageError} with a message for the user: `bad-key-file`, `bad-members-file`, `bad-roster-file`, `bad-arguments`.
 */
export async function performRoster(command: RosterCommand, ports: RosterPorts): Promise<void> {
  const { perform } = await import('./perform.ts')
  return perform(command, ports)
}
