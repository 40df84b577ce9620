import { toHex } from '../../bytes/index.ts'
import { sha256 } from '../../crypto/index.ts'
import { AuthenticationError, TransportError } from '../../errors/index.ts'
import type { RoomIdentity } from '../../identity/index.ts'
import type { Scope } from '../../lifetime/index.ts'
import type { Clock, Random } from '../../runtime/index.ts'
import type { DriveKey } from '../ids.ts'
import { sealBatch, splitOps } from '../journal/index.ts'
import type { DriveHead } from '../journal/index.ts'
import type { Op } from '../journal/index.ts'
import type { Master } from '../keys/index.ts'
import type { DriveStore } from './source.ts'

/** Ops that may wait for one another come in one batch: many small files cost few. */
const lingerMs = 250
/** As many ops as are sealed at a time; who writes more waits. */
const maxTaken = 1_024

export interface JournalWriterPorts {
  readonly roomId: Uint8Array
  readonly drive: DriveKey
  readonly identity: Pick<RoomIdentity, 'publicKey' | 'sign'>
  readonly store: Pick<DriveStore, 'append' | 'journal'>
  readonly clock: Clock
  readonly random: Random
  /** The master to write under now. @throws {AuthenticationError} `no-right`, {TransportError} `no-master`. */
  readonly master: () => Master | Promise<Master>
  /** What is known of the drive. Calls `appended` for every batch, in order, before whoever wrote it is told. */
  readonly head: () => DriveHead
  readonly appended: (number: number, sealed: Uint8Array<ArrayBuffer>) => Promise<void>
}

interface Waiting {
  readonly make: () => readonly Op[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Writes this device's own journal: one batch at a time, each in its place, nothing twice. */
export class JournalWriter {
  readonly #ports: JournalWriterPorts
  readonly #scope: Scope
  readonly #queue: Waiting[] = []
  #isRunning = false
  #timer: (() => void) | undefined

  constructor(ports: JournalWriterPorts, scope: Scope) {
    this.#ports = ports
    this.#scope = scope
    scope.onEnd(() => {
      this.#timer?.()
      const ended = new DOMException('the data room was closed', 'AbortError')
      for (const { reject } of this.#queue.splice(0)) reject(ended)
    })
  }

  /**
   * Writes what `make` gives when its turn has come. Resolves once the node keeps it. `lingers`: it may wait a little for others.
   * @throws what the store throws, and `JournalWriterPorts.master`.
   */
  write(make: () => readonly Op[], options: { readonly lingers?: boolean } = {}): Promise<void> {
    this.#scope.signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      this.#queue.push({ make, resolve, reject })
      if (options.lingers === true && this.#queue.length < maxTaken) {
        this.#timer ??= this.#ports.clock.after(lingerMs, () => this.#run())
      } else this.#run()
    })
  }

  #run(): void {
    this.#timer?.()
    this.#timer = undefined
    if (this.#isRunning) return
    this.#isRunning = true
    void this.#writeAll()
  }

  async #writeAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const { taken, ops: all } = made(this.#queue.splice(0, maxTaken))
      try {
        // All of one are in one batch where they fit; a larger one is several batches, in its order.
        for (const ops of splitOps(all)) await this.#append(ops)
        for (const { resolve } of taken) resolve()
      } catch (error) {
        for (const { reject } of taken) reject(error)
      }
    }
    this.#isRunning = false
  }

  async #append(ops: readonly Op[]): Promise<void> {
    const { identity, roomId, drive, store, random, head, master, appended } = this.#ports
    const { signal } = this.#scope
    const { batches: number, head: previous } = head()
    const sealed = await sealBatch(identity, { roomId, drive, number, previous }, await master(), ops, random)
    const { next } = await store.append(drive, number, sealed.bytes, signal)
    if (next !== undefined && !(await this.#isKept(number, next, sealed.hash))) {
      throw next < number ? rolledBack() : new TransportError('drive-in-use', 'somebody else has written this drive')
    }
    await appended(number, sealed.bytes)
  }

  /** The answer to an append may be lost, and the batch not: then it is there when it is sent again. */
  async #isKept(number: number, next: number, hash: string): Promise<boolean> {
    if (next <= number) return false
    const { batches } = await this.#ports.store.journal(this.#ports.drive, number, this.#scope.signal)
    const [there] = batches
    return there !== undefined && toHex(await sha256(there)) === hash
  }
}

/** What they write, and those of them who wrote something that can be: one that cannot be fails alone. */
function made(waiting: readonly Waiting[]): { readonly taken: readonly Waiting[]; readonly ops: readonly Op[] } {
  const ops: Op[] = []
  const taken = waiting.filter(({ make, reject }) => {
    try {
      const own = make()
      splitOps(own)
      for (const op of own) ops.push(op)
      return true
    } catch (error) {
      reject(error)
      return false
    }
  })
  return { taken, ops }
}

export function rolledBack(): AuthenticationError {
  return new AuthenticationError('rolled-back', 'the node has lost what it kept')
}
