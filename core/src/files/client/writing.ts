import { AuthenticationError, TransportError } from '../../errors/index.ts'
import type { Random } from '../../runtime/index.ts'
import type { DriveKey } from '../ids.ts'
import type { Op } from '../journal/index.ts'
import { newMaster, type Master, type MasterRing } from '../keys/index.ts'
import { maxClock } from '../limits.ts'
import type { OwnDrive } from './own-drive.ts'
import type { FileRights } from './ports.ts'

export interface WritingPorts {
  readonly rights: Pick<FileRights, 'epoch' | 'mayWrite'>
  readonly random: Random
  readonly masters: MasterRing
  readonly own: OwnDrive
  /** The latest clock of all that was read. */
  readonly clock: () => number
  /** Keeps a new master; resolves once that is safe. */
  readonly keep: () => Promise<void>
  /** There is a master that others do not know. */
  readonly tellMasters: () => void
  /** The node has answered. */
  readonly answered: () => void
}

/** What this device writes: as long as it may, with clocks later than all that it has seen, under masters of the present epoch. */
export class Writing {
  readonly #ports: WritingPorts
  #clock = 0

  constructor(ports: WritingPorts) {
    this.#ports = ports
  }

  /** @throws {AuthenticationError} `no-right`. */
  check(): void {
    if (!this.#ports.rights.mayWrite()) throw new AuthenticationError('no-right', 'we may not write')
  }

  /** The master to write under, safe before anything is sealed with it. @throws as `check`; {TransportError} `no-master`. */
  async master(): Promise<Master> {
    const { rights, masters, random, keep, tellMasters } = this.#ports
    for (;;) {
      this.check()
      const epoch = rights.epoch()
      const known = masters.choose(epoch)
      if (known) return known
      masters.add(await newMaster(random, epoch))
      await keep()
      // Somebody may have been removed meanwhile, who was told of what came with it.
      if (rights.epoch() !== epoch) continue
      tellMasters()
      if (!masters.choose(epoch)) throw new TransportError('no-master', 'there are too many masters')
    }
  }

  /** Resolves once the node keeps them. @throws as `check`, and as `OwnDrive.write`. */
  async write(
    ops: (clock: number) => readonly Op[],
    options: { readonly lingers?: boolean; readonly boundTo?: DriveKey } = {},
  ): Promise<void> {
    this.check()
    await this.#ports.own.write(() => {
      this.#clock = Math.min(maxClock, Math.max(this.#clock, this.#ports.clock()) + 1)
      return ops(this.#clock)
    }, options)
    this.#ports.answered()
  }
}
