import type { Film } from './film-source.ts'

/** So much is fetched ahead of what is being watched, and so much is kept behind it. */
const aheadSeconds = 20
const behindSeconds = 20

/** Feeds one video element: what is near the place that is watched, and after a jump from there on. */
export class FilmPlayer {
  readonly #video: HTMLVideoElement
  readonly #film: Film
  readonly #source = new MediaSource()
  readonly #broken: () => void
  #turn = new AbortController()

  /** @param broken called when it cannot go on. */
  constructor(video: HTMLVideoElement, film: Film, broken: () => void) {
    this.#video = video
    this.#film = film
    this.#broken = broken
  }

  /** Resolves when something is to be seen. */
  async start(): Promise<void> {
    // What the browser finds wrong only as it decodes: no other event would come.
    this.#video.addEventListener('error', this.#broken)
    this.#video.src = URL.createObjectURL(this.#source)
    await happened(this.#source, 'sourceopen')
    this.#source.duration = this.#film.seconds
    const buffer = this.#source.addSourceBuffer(this.#film.mimeType)
    this.#video.addEventListener('seeking', () => {
      if (!this.#isHeld(this.#video.currentTime)) void this.#play(buffer)
    })
    void this.#play(buffer)
    await happened(this.#video, 'loadeddata')
  }

  /** A new turn ends the one before. */
  async #play(buffer: SourceBuffer): Promise<void> {
    this.#turn.abort()
    this.#turn = new AbortController()
    const { signal } = this.#turn
    try {
      await this.#feed(buffer, signal)
    } catch {
      if (!signal.aborted) this.#broken()
    }
  }

  async #feed(buffer: SourceBuffer, signal: AbortSignal): Promise<void> {
    await settled(buffer)
    signal.throwIfAborted()
    // What was half written of the turn before is dropped.
    if (this.#source.readyState === 'open') buffer.abort()
    await this.#film.play(this.#video.currentTime, (bytes) => this.#take(buffer, bytes, signal), signal)
    await settled(buffer)
    if (!signal.aborted && this.#source.readyState === 'open') this.#source.endOfStream()
  }

  async #take(buffer: SourceBuffer, bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<void> {
    await this.#untilWanted(buffer, signal)
    await settled(buffer)
    signal.throwIfAborted()
    const old = this.#video.currentTime - behindSeconds
    const [start] = buffer.buffered.length > 0 ? [buffer.buffered.start(0)] : []
    if (start !== undefined && start < old) {
      buffer.remove(start, old)
      await settled(buffer)
      signal.throwIfAborted()
    }
    buffer.appendBuffer(bytes)
    await settled(buffer)
  }

  async #untilWanted(buffer: SourceBuffer, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#aheadOf(buffer) > aheadSeconds) {
      await Promise.race([happened(this.#video, 'timeupdate', signal), happened(this.#video, 'seeking', signal)])
    }
  }

  #aheadOf({ buffered }: SourceBuffer): number {
    const { currentTime } = this.#video
    for (let index = 0; index < buffered.length; index += 1) {
      if (buffered.start(index) <= currentTime && currentTime <= buffered.end(index)) {
        return buffered.end(index) - currentTime
      }
    }
    return 0
  }

  #isHeld(seconds: number): boolean {
    const { buffered } = this.#video
    for (let index = 0; index < buffered.length; index += 1) {
      if (buffered.start(index) <= seconds && seconds < buffered.end(index)) return true
    }
    return false
  }
}

/** Resolves at the next event of this name, or when the signal aborts. */
function happened(target: EventTarget, name: string, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      target.removeEventListener(name, done)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    target.addEventListener(name, done)
    signal?.addEventListener('abort', done)
  })
}

/** What was begun on the buffer is over. */
async function settled(buffer: SourceBuffer): Promise<void> {
  while (buffer.updating) await happened(buffer, 'updateend')
}
