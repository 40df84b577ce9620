import { PigeonError } from '../../../errors/index.ts'
import type { Scope } from '../../../lifetime/index.ts'
import type { Clock } from '../../../runtime/index.ts'
import type { TransferState, TransferView } from '../view.ts'
import { isUnreadable } from '../unreadable.ts'
import { Rate } from './rate.ts'

/** Transfers that run at a time: enough that small files do not wait for each other's answers, few enough for memory. */
const maxRunning = 4
/** Those in their last step, which wait for one another and are written together; as many as one batch takes. */
const maxEnding = 1_024
/** All transfers that are shown and wait. */
export const maxTransfers = 100_000
/** The list changes at most so often, however fast things move. */
const showEveryMs = 200

/** One file on its way. */
export interface Job {
  readonly id: string
  readonly direction: 'up' | 'down'
  readonly name: string
  readonly sizeBytes: number
  /**
   * Does what is left to do; called again after a pause or a failure. `moved` is told of every byte of the content, those included that an
   * earlier run has moved: `isOld` then, since they say nothing of the speed. A last step that cannot be undone begins with `ending`: from then
   * on it is neither paused nor cancelled, and others take its place.
   */
  run(moved: (bytes: number, isOld?: boolean) => void, signal: AbortSignal, ending: () => void): Promise<void>
  /** Nobody wants it any more: what it left behind is cleared. */
  cancelled(): Promise<void>
}

interface Transfer {
  job: Job
  kind: TransferState['kind']
  code: string
  doneBytes: number
  readonly rate: Rate
  stop: AbortController | undefined
  /** It is in a step that cannot be undone. */
  isEnding: boolean
}

/** The list of transfers of a room. A few run at a time, the others wait in their order. */
export class Transfers {
  readonly #clock: Clock
  readonly #scope: Scope
  readonly #changed: () => void
  readonly #all = new Map<string, Transfer>()
  readonly #waiting = new Set<Transfer>()
  #running = 0
  #ending = 0
  #showing = false

  /** @param changed is called after changes, at most a few times a second. */
  constructor(clock: Clock, scope: Scope, changed: () => void) {
    this.#clock = clock
    this.#scope = scope
    this.#changed = changed
    scope.onEnd(() => {
      for (const { stop } of this.#all.values()) stop?.abort(scope.signal.reason)
    })
  }

  views(): readonly TransferView[] {
    return [...this.#all.values()].map((transfer) => {
      const { id, direction, name, sizeBytes } = transfer.job
      return { id, direction, name, sizeBytes, doneBytes: transfer.doneBytes, state: stateOf(transfer) }
    })
  }

  /** False where there are too many. */
  add(job: Job, kind: 'waiting' | 'needs-file' = 'waiting', doneBytes = 0): boolean {
    if (this.#all.size >= maxTransfers) return false
    const rate = new Rate(() => this.#clock.now())
    const transfer: Transfer = { job, kind, code: '', doneBytes, rate, stop: undefined, isEnding: false }
    this.#all.set(job.id, transfer)
    if (kind === 'waiting') this.#wait(transfer)
    this.#show()
    return true
  }

  /** Does nothing to one in its last step. */
  pause(id: string): void {
    const transfer = this.#all.get(id)
    if (!transfer || transfer.isEnding || (transfer.kind !== 'waiting' && transfer.kind !== 'running')) return
    transfer.kind = 'paused'
    this.#waiting.delete(transfer)
    transfer.stop?.abort()
    this.#show()
  }

  /** Also tries again what has failed. */
  resume(id: string): void {
    const transfer = this.#all.get(id)
    if (transfer?.kind !== 'paused' && transfer?.kind !== 'failed') return
    this.#wait(transfer)
  }

  /** Goes on with another job under the same id: the file was chosen again. */
  replace(job: Job): void {
    const transfer = this.#all.get(job.id)
    if (transfer?.kind !== 'needs-file') return
    transfer.job = job
    this.#wait(transfer)
  }

  /** Everything that failed because nobody answered. */
  resumeUnreachable(): void {
    for (const { job, kind, code } of this.#all.values()) {
      if (kind === 'failed' && code === 'node-unreachable') this.resume(job.id)
    }
  }

  /** Does nothing to one in its last step: what it writes may be there already. */
  cancel(id: string): void {
    const transfer = this.#all.get(id)
    if (!transfer || transfer.isEnding || !this.#all.delete(id)) return
    this.#waiting.delete(transfer)
    this.#show()
    transfer.stop?.abort()
    // What cannot be cleared now costs space at the node and nothing else.
    if (transfer.kind !== 'done') transfer.job.cancelled().catch(() => undefined)
  }

  clearFinished(): void {
    for (const [id, { kind }] of this.#all) if (kind === 'done') this.#all.delete(id)
    this.#show()
  }

  #wait(transfer: Transfer): void {
    transfer.kind = 'waiting'
    this.#waiting.add(transfer)
    this.#show()
    this.#next()
  }

  #next(): void {
    if (this.#scope.ended) return
    for (const transfer of this.#waiting) {
      if (this.#running >= maxRunning || this.#ending >= maxEnding) return
      // One that was paused and goes on at once may not have stopped yet.
      if (transfer.stop === undefined && this.#waiting.delete(transfer)) void this.#run(transfer)
    }
  }

  async #run(transfer: Transfer): Promise<void> {
    this.#running += 1
    const stop = new AbortController()
    Object.assign(transfer, { stop, kind: 'running', doneBytes: 0 })
    transfer.rate.restart()
    const moved = (bytes: number, isOld = false): void => {
      if (transfer.stop !== stop) return
      transfer.doneBytes = Math.min(transfer.job.sizeBytes, transfer.doneBytes + bytes)
      if (!isOld) transfer.rate.add(bytes)
      this.#show()
    }
    const ending = (): void => {
      stop.signal.throwIfAborted()
      if (transfer.isEnding) return
      transfer.isEnding = true
      this.#ending += 1
      this.#running -= 1
      this.#next()
    }
    this.#show()
    try {
      await transfer.job.run(moved, stop.signal, ending)
      Object.assign(transfer, { kind: 'done', doneBytes: transfer.job.sizeBytes })
    } catch (error) {
      if (!stop.signal.aborted) {
        Object.assign(transfer, { kind: 'failed', code: codeOf(error) })
      }
    }
    transfer.stop = undefined
    if (transfer.isEnding) this.#ending -= 1
    else this.#running -= 1
    transfer.isEnding = false
    this.#show()
    this.#next()
  }

  #show(): void {
    if (this.#showing || this.#scope.ended) return
    this.#showing = true
    const cancel = this.#clock.after(showEveryMs, () => {
      forget()
      this.#showing = false
      this.#changed()
      // Speed falls also while nothing comes.
      if (this.#running + this.#ending > 0) this.#show()
    })
    const forget = this.#scope.onEnd(cancel)
  }
}

function codeOf(error: unknown): string {
  if (error instanceof PigeonError) return error.code
  return isUnreadable(error) ? 'file-changed' : 'unexpected'
}

function stateOf({ kind, code, rate, job, doneBytes }: Transfer): TransferState {
  switch (kind) {
    case 'running': {
      const { bytesPerSecond } = rate
      return { kind, bytesPerSecond, secondsLeft: rate.secondsLeft(job.sizeBytes - doneBytes) }
    }
    case 'failed':
      return { kind, code }
    default:
      return { kind }
  }
}
