import {
  exportReport,
  rungNames,
  verdictOf,
  type DoctorTargets,
  type Ladder,
  type RungName,
  type RungResult,
} from '@p2pigeon/core/doctor'
import type { Doctor } from '../manager.ts'

/** A doctor whose findings the test sets; verdict and report are the real ones, which are pure. */
export class FakeDoctor implements Doctor {
  /** What differs from a rung that passes. `undefined` is never answered: the check goes on until it is aborted. */
  rungs: Partial<Record<RungName, RungResult | undefined>> = {}
  network: Ladder['network'] = 'public'
  readonly targets: DoctorTargets[] = []
  aborted = 0
  readonly verdictOf = verdictOf
  readonly exportReport = exportReport

  check(targets: DoctorTargets, { signal, onProgress }: Parameters<Doctor['check']>[1]): Promise<Ladder> {
    this.targets.push(targets)
    const results = rungNames.map((name, index) => {
      const passed: RungResult = { kind: 'passed', ms: 14 + index * 23 }
      return [name, name in this.rungs ? this.rungs[name] : passed] as const
    })
    const done = results.flatMap(([name, result]) => (result ? [[name, result] as const] : []))
    onProgress?.(Object.fromEntries(done))
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => {
        this.aborted += 1
        reject(signal.reason as DOMException)
      })
      if (done.length < results.length) return
      const rungs = Object.fromEntries(done) as Record<RungName, RungResult>
      resolve({ startedAtMs: Date.UTC(2026, 5, 10, 12, 34), rungs, network: this.network })
    })
  }
}
