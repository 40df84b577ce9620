import { UsageError } from '../errors/index.ts'
import { Emitter, type Undo } from '../lifetime/index.ts'
import type { LocalTracks, TrackSource } from '../peer/index.ts'
import type { MediaSource } from '../runtime/index.ts'
import { captureError } from './capture-error.ts'
import type { LocalMediaView, SourceState } from './media-state.ts'

/** A device id, the default device (`undefined`), or none (`false`). */
export type DeviceChoice = string | false | undefined

interface LocalMediaEvents {
  changed: () => void
}

/** 720p where the camera has it: eight tiles never show more, and a mesh sends it seven times. */
const cameraSize = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } }

/**
 * The media of this device. Muting disables the microphone's track, so that unmuting is instant; turning the camera off
 * stops its track, so that its light goes out. A track that ends by itself (unplugged, permission withdrawn) counts as off.
 */
export class LocalMedia implements LocalTracks {
  readonly #source: MediaSource | undefined
  readonly #events = new Emitter<LocalMediaEvents>()
  readonly #tracks = new Map<TrackSource, MediaStreamTrack>()
  #choice: { audio: DeviceChoice; video: DeviceChoice } = { audio: false, video: false }
  #stream: MediaStream | undefined
  #screenStream: MediaStream | undefined
  /** Counts starts and stops: a capture that resolves after a later one is released, not used. */
  #generation = 0
  #view: LocalMediaView | undefined

  constructor(source: MediaSource | undefined) {
    this.#source = source
  }

  track(source: TrackSource): MediaStreamTrack | undefined {
    return this.#tracks.get(source)
  }

  onChange(changed: () => void): Undo {
    return this.#events.on('changed', changed)
  }

  view(): LocalMediaView {
    this.#view ??= {
      media: {
        microphone: this.#stateOf('microphone', this.#choice.audio),
        camera: this.#stateOf('camera', this.#choice.video),
        screen: this.#tracks.has('screen') ? 'on' : 'off',
      },
      stream: this.#stream,
      screenStream: this.#screenStream,
    }
    return this.#view
  }

  /**
   * Captures microphone and camera, or switches to other devices; a source that was off stays off.
   * @throws {UsageError} `media-denied`, `media-missing`, `media-busy`, `media-unsupported`; nothing changes then.
   */
  async start(audio: DeviceChoice, video: DeviceChoice): Promise<MediaStream> {
    const source = this.#requireSource()
    const generation = ++this.#generation
    const running = this.#stream !== undefined
    const muted = this.#tracks.get('microphone')?.enabled === false
    const cameraOff = running && this.#choice.video !== false && !this.#tracks.has('camera')
    const wantVideo = video !== false && !cameraOff
    const captured = await capture(source, audio, wantVideo ? video : false)
    if (generation !== this.#generation) {
      stopAll(captured)
      throw new UsageError('media-superseded', 'a later call chose other devices')
    }
    this.#choice = { audio, video }
    this.#stream ??= new MediaStream()
    this.#put('microphone', captured.getAudioTracks()[0], muted)
    this.#put('camera', captured.getVideoTracks()[0], false)
    this.#changed()
    return this.#stream
  }

  /** Releases every device. */
  stop(): void {
    this.#generation += 1
    for (const source of ['microphone', 'camera', 'screen'] as const) this.#drop(source)
    this.#choice = { audio: false, video: false }
    this.#stream = undefined
    this.#changed()
  }

  /** Mutes or unmutes; asks for a microphone when there is none yet. @throws {UsageError} as `start`. */
  async setMicrophone(on: boolean): Promise<void> {
    const track = this.#tracks.get('microphone')
    if (track !== undefined) track.enabled = on
    else if (on) await this.#addSource('microphone')
    this.#changed()
  }

  /** Releases the camera or captures it again. @throws {UsageError} as `start`. */
  async setCamera(on: boolean): Promise<void> {
    if (on && !this.#tracks.has('camera')) await this.#addSource('camera')
    if (!on) this.#drop('camera')
    this.#changed()
  }

  /** Asks which screen to share. @throws {UsageError} `media-denied` when the user declines. */
  async startScreen(): Promise<void> {
    const source = this.#requireSource()
    if (this.#tracks.has('screen')) return
    let stream: MediaStream
    try {
      stream = await source.captureScreen()
    } catch (error) {
      throw captureError(error)
    }
    const track = stream.getVideoTracks()[0]
    if (track === undefined) return
    track.contentHint = 'detail'
    this.#drop('screen')
    this.#tracks.set('screen', track)
    this.#screenStream = stream
    track.onended = () => {
      this.stopScreen()
    }
    this.#changed()
  }

  stopScreen(): void {
    this.#drop('screen')
    this.#changed()
  }

  async #addSource(name: 'microphone' | 'camera'): Promise<void> {
    const source = this.#requireSource()
    const generation = this.#generation
    const isAudio = name === 'microphone'
    const chosen = isAudio ? this.#choice.audio : this.#choice.video
    const choice = chosen === false ? undefined : chosen
    const captured = await capture(source, isAudio ? choice : false, isAudio ? false : choice)
    if (generation !== this.#generation || this.#tracks.has(name)) {
      stopAll(captured)
      return
    }
    this.#choice = isAudio ? { ...this.#choice, audio: choice } : { ...this.#choice, video: choice }
    this.#stream ??= new MediaStream()
    this.#put(name, captured.getTracks()[0], false)
  }

  #put(name: 'microphone' | 'camera', track: MediaStreamTrack | undefined, muted: boolean): void {
    this.#drop(name)
    if (track === undefined) return
    if (muted) track.enabled = false
    track.onended = () => {
      this.#drop(name)
      this.#changed()
    }
    this.#tracks.set(name, track)
    this.#stream?.addTrack(track)
  }

  #drop(name: TrackSource): void {
    const track = this.#tracks.get(name)
    if (track === undefined) return
    track.onended = null
    track.stop()
    this.#tracks.delete(name)
    if (name === 'screen') this.#screenStream = undefined
    else this.#stream?.removeTrack(track)
  }

  #stateOf(name: 'microphone' | 'camera', choice: DeviceChoice): SourceState {
    const track = this.#tracks.get(name)
    if (track !== undefined) return track.enabled ? 'on' : 'off'
    return choice === false ? 'none' : 'off'
  }

  #changed(): void {
    this.#view = undefined
    this.#events.emit('changed')
  }

  #requireSource(): MediaSource {
    if (this.#source === undefined) throw new UsageError('media-unsupported', 'this device has no media')
    return this.#source
  }
}

async function capture(source: MediaSource, audio: DeviceChoice, video: DeviceChoice): Promise<MediaStream> {
  if (audio === false && video === false) return new MediaStream()
  try {
    return await source.capture({
      audio:
        audio === false
          ? false
          : device(audio, { echoCancellation: true, noiseSuppression: true, autoGainControl: true }),
      video: video === false ? false : device(video, cameraSize),
    })
  } catch (error) {
    throw captureError(error)
  }
}

function device(choice: string | undefined, wanted: MediaTrackConstraints): MediaTrackConstraints {
  return choice === undefined ? wanted : { ...wanted, deviceId: { exact: choice } }
}

function stopAll(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}
