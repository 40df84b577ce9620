import { TransportError } from '../../errors/index.ts'
import type { Scope } from '../../lifetime/index.ts'
import type { Clock } from '../../runtime/index.ts'
import type { DriveStore } from './source.ts'
import type { NodeState } from './view.ts'

/** A node that does not answer is asked again so often. */
const askAgainMs = 10_000

export interface NodeLinkPorts {
  readonly store: Pick<DriveStore, 'open'>
  readonly clock: Clock
  /** The node is there, for the first time or again. */
  readonly opened: () => void
  /** There is another `state`. */
  readonly changed: () => void
}

/** Whether the node can be used, found out by opening it and by what becomes of other calls. */
export class NodeLink {
  readonly #ports: NodeLinkPorts
  readonly #scope: Scope
  #state: NodeState = { kind: 'opening' }
  #isOpening = false

  constructor(ports: NodeLinkPorts, scope: Scope) {
    this.#ports = ports
    this.#scope = scope
  }

  get state(): NodeState {
    return this.#state
  }

  /** True once the node has said that it keeps no files of rooms. */
  get keepsNone(): boolean {
    return this.#state.kind === 'unreachable' && this.#state.code === 'no-data-room'
  }

  open(): void {
    if (this.#scope.ended || this.#isOpening) return
    this.#isOpening = true
    void this.#ports.store
      .open(this.#scope.signal)
      .then(
        (quota) => {
          this.#state = { kind: 'ready', ...quota }
          this.#ports.opened()
        },
        (error: unknown) => this.#failed(error),
      )
      .finally(() => {
        this.#isOpening = false
        this.#ports.changed()
      })
  }

  /** What became of a call to the node. */
  answered(error: TransportError | undefined): void {
    if (error === undefined) {
      if (this.#state.kind !== 'ready') this.open()
    } else if (this.#state.kind === 'ready') {
      this.#state = { kind: 'unreachable', code: error.code }
      this.#ports.changed()
      this.open()
    }
  }

  #failed(error: unknown): void {
    if (this.#scope.ended) return
    this.#state = { kind: 'unreachable', code: error instanceof TransportError ? error.code : 'node-refused' }
    const forget = this.#scope.onEnd(
      this.#ports.clock.after(askAgainMs, () => {
        forget()
        this.open()
      }),
    )
  }
}
