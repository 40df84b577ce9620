/**
 * Purpose. The connection doctor: tries each way a call could take, names what blocks it, and reports without addresses.
 * Promises. Every rung ends by its deadline; whatever was opened is closed, also when aborted; results are codes, never foreign text.
 * Does not. Join a room, talk to a participant, or hold words for people.
 * May import. errors, lifetime, runtime, ice, signalling.
 */
export {
  checkConnection,
  rungDeadlineMs,
  type CheckOptions,
  type DoctorPorts,
  type DoctorTargets,
} from './check-connection.ts'
export {
  rungNames,
  type Ladder,
  type LadderProgress,
  type RungFailure,
  type RungName,
  type RungResult,
  type RungSkip,
} from './ladder.ts'
export { exportReport } from './report.ts'
export { verdictOf, verdictCodes, type Finding, type Verdict, type VerdictCode } from './verdict.ts'
