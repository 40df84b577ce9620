/**
 * Purpose. What a long-running process needs around its services: a logger, redaction, rates, signals and a clean end.
 * Promises. A `Redacted` value prints as a redaction whatever prints it; the process ends within a bounded time.
 * Does not. Know configuration, HTTP or the DHT.
 * May import. @p2pigeon/core errors and ports.
 */
export { Redacted } from './redacted.ts'
export { consoleLogger, type LogLevel, type Logger } from './logger.ts'
export { describeFault } from './describe-fault.ts'
export { farEndOf, type FarEnd } from './client-address.ts'
export { clientPrefix } from './client-prefix.ts'
export { neutralise } from './neutralise.ts'
export { quietReports } from './quiet-reports.ts'
export { superviseProcess, type ProcessPort, type Stoppable } from './supervise-process.ts'
