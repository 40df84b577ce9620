import { summarise, type Summary } from './statistics.ts'

/** One value per trial. */
export interface Samples {
  readonly openedMs: number[]
  readonly firstFrameMs: number[]
  readonly roundTripMs: number[]
  readonly roundTripP99Ms: number[]
  readonly messagesPerSecond: number[]
  readonly cpuCores: number[]
  readonly heapBytes: number[]
  readonly rendererBytes: number[]
  /** What went wrong, a sentence per failed trial. */
  readonly faults: string[]
}

export const emptySamples = (): Samples => ({
  openedMs: [],
  firstFrameMs: [],
  roundTripMs: [],
  roundTripP99Ms: [],
  messagesPerSecond: [],
  cpuCores: [],
  heapBytes: [],
  rendererBytes: [],
  faults: [],
})

/** One contender's row. */
export interface Figures {
  readonly name: string
  readonly opened: Summary | undefined
  readonly firstFrame: Summary | undefined
  readonly roundTrip: Summary | undefined
  readonly roundTripP99: Summary | undefined
  readonly messages: Summary | undefined
  readonly cpu: Summary | undefined
  readonly heap: Summary | undefined
  readonly renderer: Summary | undefined
  readonly gzipBytes: number
  readonly faults: readonly string[]
}

/** Summarises a contender's trials. */
export function figuresOf(name: string, samples: Samples, gzipBytes: number): Figures {
  return {
    name,
    opened: summarise(samples.openedMs),
    firstFrame: summarise(samples.firstFrameMs),
    roundTrip: summarise(samples.roundTripMs),
    roundTripP99: summarise(samples.roundTripP99Ms),
    messages: summarise(samples.messagesPerSecond),
    cpu: summarise(samples.cpuCores),
    heap: summarise(samples.heapBytes),
    renderer: summarise(samples.rendererBytes),
    gzipBytes,
    faults: samples.faults,
  }
}
