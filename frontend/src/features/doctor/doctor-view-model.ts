import type { PrivacyLevel } from '@p2pigeon/core'
import type { Ladder, LadderProgress, RungName, RungResult, Verdict } from '@p2pigeon/core/doctor'
import { Store, type Readable, type Undo } from '../../state/index.ts'
import type { PageDoctor } from '../../session/index.ts'
import { count, text } from '../../text/index.ts'

/** What the check needs from the session and the page around it. */
export interface DoctorPorts {
  readonly privacy: PrivacyLevel
  readonly load: () => Promise<PageDoctor>
  /** Rejects when the browser does not let the page write to the clipboard. */
  readonly copy: (text: string) => Promise<void>
}

/** running → done | broken; done, broken → running (`again`). */
export type CheckState =
  | { readonly kind: 'running'; readonly progress: LadderProgress }
  | { readonly kind: 'done'; readonly ladder: Ladder; readonly verdict: Verdict; readonly report: string }
  | { readonly kind: 'broken' }

export type CopyState = 'not-copied' | 'copied' | 'refused'

export class DoctorViewModel {
  readonly #ports: DoctorPorts
  readonly #state = new Store<CheckState>({ kind: 'running', progress: {} })
  readonly #copied = new Store<CopyState>('not-copied')
  #controller: AbortController | undefined

  constructor(ports: DoctorPorts) {
    this.#ports = ports
  }

  get state(): Readable<CheckState> {
    return this.#state
  }

  get copied(): Readable<CopyState> {
    return this.#copied
  }

  /** Begins a check; the undo ends it. */
  start(): Undo {
    const controller = new AbortController()
    this.#controller = controller
    this.#copied.set('not-copied')
    this.#state.set({ kind: 'running', progress: {} })
    void this.#run(controller.signal)
    return () => this.#controller?.abort()
  }

  again(): void {
    this.#controller?.abort()
    this.start()
  }

  async copyReport(): Promise<void> {
    const state = this.#state.get()
    if (state.kind !== 'done') return
    this.#copied.set(
      await this.#ports.copy(state.report).then(
        () => 'copied',
        () => 'refused',
      ),
    )
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { load, privacy } = this.#ports
    try {
      const doctor = await load()
      signal.throwIfAborted()
      const ladder = await doctor.check({
        signal,
        onProgress: (progress) => {
          if (!signal.aborted) this.#state.set({ kind: 'running', progress })
        },
      })
      const verdict = doctor.verdictOf(ladder, privacy)
      this.#state.set({ kind: 'done', ladder, verdict, report: doctor.exportReport(ladder, privacy) })
    } catch {
      if (!signal.aborted) this.#state.set({ kind: 'broken' })
    }
  }
}

/** In the order of the ladder. */
export const rungOrder: readonly RungName[] = ['direct', 'stun', 'turn-udp', 'turn-tcp', 'turn-tls', 'relay', 'dht']

/** What is known of each rung so far. */
export function rungsOf(state: CheckState): LadderProgress {
  switch (state.kind) {
    case 'running':
      return state.progress
    case 'done':
      return state.ladder.rungs
    case 'broken':
      return {}
  }
}

/** How a rung went, in words. */
export function rungWords(result: RungResult | undefined): string {
  switch (result?.kind) {
    case undefined:
      return text.doctor.trying
    case 'passed':
      return text.doctor.passed(count(result.ms))
    case 'failed':
      return text.doctor.failed[result.cause]
    case 'skipped':
      return text.doctor.skipped[result.why]
  }
}
