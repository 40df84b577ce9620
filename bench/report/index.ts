/**
 * Purpose. From samples to medians, goals and printed tables.
 * Promises. Pure: the same samples give the same text.
 * Does not. Measure.
 * May import. Nothing.
 */
export { judge, type Goal } from './goals.ts'
export { median, percentile, type Summary } from './statistics.ts'
export { renderGoals, renderTable } from './tables.ts'
export { emptySamples, figuresOf, type Figures, type Samples } from './samples.ts'
