export interface LevelMeter {
  /** Loudness, 0 to 1, on a scale that ears find even. */
  level(): number
  /** Root mean square of the last samples, 0 to 1. */
  rms(): number
  stop(): void
}

const quietestDb = -55

/** Listens to the first audio track of a stream; the track is not changed. Silent where audio cannot be analysed. */
export function meterLevel(stream: MediaStream): LevelMeter {
  const silent: LevelMeter = { level: () => 0, rms: () => 0, stop: () => undefined }
  if (stream.getAudioTracks().length === 0 || typeof AudioContext === 'undefined') return silent
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 512
  const source = context.createMediaStreamSource(stream)
  source.connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const rms = (): number => {
    analyser.getFloatTimeDomainData(samples)
    return rmsOf(samples)
  }
  return {
    level: () => evenScale(rms()),
    rms,
    stop: () => {
      source.disconnect()
      void context.close()
    },
  }
}

export function rmsOf(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return Math.sqrt(sum / Math.max(1, samples.length))
}

/** Decibels from `quietestDb` to 0, mapped to 0..1. */
export function evenScale(rms: number): number {
  if (rms <= 0) return 0
  return Math.min(1, Math.max(0, 1 - (20 * Math.log10(rms)) / quietestDb))
}
