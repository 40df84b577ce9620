import type { Clock, Random } from '@p2pigeon/core/node'

export interface RosterPorts {
  readonly folder: string
  readonly out: (line: string) => void
  readonly clock: Clock
  readonly random: Random
}
