import { loadHyperDht } from '@p2pigeon/core/node'
import type { DhtOptions, DhtService } from './contract.ts'
import { DhtSwitch } from './dht-switch.ts'

/**
 * Starts the node and decides which network it is on, within 2 s.
 * @throws {UsageError} `bad-bootstrap`; {TransportError} `no-local-port` when no local network can be opened.
 */
export async function startDht(options: DhtOptions): Promise<DhtService> {
  const service = new DhtSwitch(await loadHyperDht(), options)
  await service.start()
  return service
}
