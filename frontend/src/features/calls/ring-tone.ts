/** Two soft notes and a pause, like a pigeon that is not in a hurry. */
const notes = [
  { hertz: 523.25, atSeconds: 0, lastsSeconds: 0.42 },
  { hertz: 392, atSeconds: 0.46, lastsSeconds: 0.7 },
] as const
const everyMs = 2_600
/** Of the loudest a device can be: audible in a room, no fright beside an ear. */
const loudness = 0.16
const softenSeconds = 0.06

/** A ring tone made of nothing but numbers. */
export class RingTone {
  readonly #open: () => AudioContext
  #sound: { readonly context: AudioContext; readonly timer: ReturnType<typeof setInterval> } | undefined

  constructor(open: () => AudioContext = () => new AudioContext()) {
    this.#open = open
  }

  /** Begins; while it sounds it does nothing. A browser that nobody has touched yet keeps it silent. */
  start(): void {
    if (this.#sound) return
    let context: AudioContext
    try {
      context = this.#open()
    } catch {
      // No sound here: the call shows, and is announced.
      return
    }
    const once = (): void => {
      if (context.state === 'suspended') void context.resume().catch(() => undefined)
      if (context.state === 'running') for (const note of notes) play(context, note)
    }
    context.addEventListener('statechange', once, { once: true })
    once()
    this.#sound = { context, timer: setInterval(once, everyMs) }
  }

  stop(): void {
    const sound = this.#sound
    this.#sound = undefined
    if (!sound) return
    clearInterval(sound.timer)
    void sound.context.close().catch(() => undefined)
  }
}

function play(context: AudioContext, { hertz, atSeconds, lastsSeconds }: (typeof notes)[number]): void {
  const from = context.currentTime + atSeconds
  const oscillator = context.createOscillator()
  const volume = context.createGain()
  oscillator.type = 'sine'
  oscillator.frequency.setValueAtTime(hertz, from)
  volume.gain.setValueAtTime(0, from)
  volume.gain.linearRampToValueAtTime(loudness, from + softenSeconds)
  volume.gain.exponentialRampToValueAtTime(0.001, from + lastsSeconds)
  oscillator.connect(volume).connect(context.destination)
  oscillator.start(from)
  oscillator.stop(from + lastsSeconds)
}
