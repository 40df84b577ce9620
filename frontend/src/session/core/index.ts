/**
 * Purpose. The real library as the session takes it; tests and the gallery take a fake one instead.
 * Promises. The only place of the frontend that imports values of core.
 * Does not. Hold state.
 * May import. @p2pigeon/core.
 */
export { corePorts } from './core-ports.ts'
