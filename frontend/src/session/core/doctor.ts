import { browserRuntime } from '@p2pigeon/core'
import { checkConnection, exportReport, verdictOf } from '@p2pigeon/core/doctor'
import type { Doctor } from '../manager.ts'

/** The real doctor; a chunk of its own, loaded when somebody asks for it. */
export const doctor: Doctor = {
  check: (targets, options) => checkConnection(browserRuntime(), targets, options),
  verdictOf,
  exportReport,
}
