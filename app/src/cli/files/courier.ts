import { TransportError } from '@p2pigeon/core'
import type { DataRoom, TransferView } from '@p2pigeon/core/files'
import type { Clock } from '@p2pigeon/core/node'

/** Files handed to the data room at a time; it works on a few of them, and the others wait without being read. */
const maxHanded = 512
const tellEveryMs = 1_000

/** A file that is to be brought somewhere. */
export interface Load {
  /** For people. */
  readonly path: string
  readonly sizeBytes: number
  /** Puts it among the transfers of the room. */
  readonly begin: (files: DataRoom) => void
}

export interface CourierProgress {
  readonly files: number
  readonly filesDone: number
  readonly bytes: number
  readonly bytesDone: number
  readonly bytesPerSecond: number
}

export interface CourierPorts {
  readonly files: DataRoom
  readonly clock: Clock
  readonly signal: AbortSignal
  /** A node that is away gets so long to come back, ms. */
  readonly patienceMs: number
  readonly progress: (progress: CourierProgress) => void
  /** A load has arrived, or will not: then `code` says why. */
  readonly ended: (load: Load, code: string | undefined) => void
}

/** Brings many files through the room's transfers, and waits for a node that is being started anew. */
export class Courier {
  readonly #ports: CourierPorts
  readonly #handed = new Map<string, Load>()
  #total = { files: 0, bytes: 0 }
  #ended = { files: 0, bytes: 0 }
  #wake: () => void = () => undefined
  #movedAtMs = 0
  #seen = ''
  #toldAtMs = -Infinity

  constructor(ports: CourierPorts) {
    this.#ports = ports
  }

  /**
   * Resolves when each has ended, well or not.
   * @throws {TransportError} `node-unreachable` when the node stays away; what the signal says. Then what was on its way is given up.
   */
  async carry(loads: readonly Load[]): Promise<void> {
    const { files, clock, signal } = this.#ports
    this.#total = { files: loads.length, bytes: loads.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) }
    this.#movedAtMs = clock.now()
    const wake = (): void => {
      this.#wake()
    }
    const undoing = files.on('transfersChanged', wake)
    signal.addEventListener('abort', wake)
    try {
      const waiting = loads.values()
      for (let next = waiting.next(); ;) {
        while (next.done !== true && this.#handed.size < maxHanded) {
          this.#hand(next.value)
          next = waiting.next()
        }
        if (this.#handed.size === 0) break
        await this.#change()
        signal.throwIfAborted()
        this.#look()
      }
      this.#tell([], true)
    } finally {
      undoing()
      signal.removeEventListener('abort', wake)
      for (const id of this.#handed.keys()) files.cancel(id)
    }
  }

  #hand(load: Load): void {
    const { files } = this.#ports
    load.begin(files)
    const id = files.transfers().at(-1)?.id
    if (id !== undefined) this.#handed.set(id, load)
  }

  /** Resolves when transfers have changed, or a second has passed. */
  async #change(): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.#ports.clock.after(tellEveryMs, resolve)
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
    this.#wake = () => undefined
  }

  #look(): void {
    const { files, clock, patienceMs } = this.#ports
    const views = files.transfers().filter(({ id }) => this.#handed.has(id))
    this.#tell(views, false)
    let isAway = false
    for (const { id, state } of views) {
      if (state.kind === 'done') this.#end(id, undefined)
      else if (state.kind === 'failed' && state.code === 'node-unreachable') isAway = true
      else if (state.kind === 'failed') {
        files.cancel(id)
        this.#end(id, state.code)
      }
    }
    files.clearFinished()
    const seen = `${String(this.#ended.files)} ${String(moving(views))}`
    if (seen !== this.#seen) this.#movedAtMs = clock.now()
    this.#seen = seen
    if (isAway && clock.now() - this.#movedAtMs > patienceMs) {
      throw new TransportError('node-unreachable', 'the node stays away')
    }
  }

  #end(id: string, code: string | undefined): void {
    const load = this.#handed.get(id)
    if (load === undefined) return
    this.#handed.delete(id)
    this.#ended = { files: this.#ended.files + 1, bytes: this.#ended.bytes + load.sizeBytes }
    this.#ports.ended(load, code)
  }

  #tell(views: readonly TransferView[], isLast: boolean): void {
    const { clock, progress } = this.#ports
    if (!isLast && clock.now() - this.#toldAtMs < tellEveryMs) return
    this.#toldAtMs = clock.now()
    const rates = views.map(({ state }) => (state.kind === 'running' ? state.bytesPerSecond : 0))
    progress({
      files: this.#total.files,
      filesDone: this.#ended.files,
      bytes: this.#total.bytes,
      bytesDone: this.#ended.bytes + moving(views),
      bytesPerSecond: Math.round(rates.reduce((sum, rate) => sum + rate, 0)),
    })
  }
}

function moving(views: readonly TransferView[]): number {
  return views.reduce((sum, { doneBytes }) => sum + doneBytes, 0)
}
