/** Loudness of the microphone, 0 to 1, on a scale that ears find even. */
export interface LevelMeter {
  level(): number
  stop(): void
}

const quietestDb = -55

/** Listens to the first audio track of a stream; the track is not changed. Silent where audio cannot be analysed. */
export function meterLevel(stream: MediaStream): LevelMeter {
  const silent: LevelMeter = { level: () => 0, stop: () => undefined }
  if (stream.getAudioTracks().length === 0 || typeof AudioContext === 'undefined') return silent
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 512
  const source = context.createMediaStreamSource(stream)
  source.connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  return {
    level: () => {
      analyser.getFloatTimeDomainData(samples)
      return levelOf(samples)
    },
    stop: () => {
      source.disconnect()
      void context.close()
    },
  }
}

/** Root mean square of samples in decibels, mapped from `quietestDb`..0 to 0..1. */
export function levelOf(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  const rms = Math.sqrt(sum / Math.max(1, samples.length))
  if (rms === 0) return 0
  return Math.min(1, Math.max(0, 1 - (20 * Math.log10(rms)) / quietestDb))
}
