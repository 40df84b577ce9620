import { UsageError } from '../errors/index.ts'
import { Emitter, type Undo } from '../lifetime/index.ts'
import type { LocalTracks, TrackSource } from '../peer/index.ts'
import type { MediaSource } from '../runtime/index.ts'
import { captureError } from './capture-error.ts'
import type { LocalMediaView, SourceState } from './media-state.ts'

/** A device id, the default device (`undefined`), or none (`false`). */
export type DeviceChoice = string | false | undefined

type Device = 'microphone' | 'camera'

/** What was last said of a device. Each command says it anew, so that the same words of two commands are told apart. */
interface Word {
  readonly on: boolean
}

interface LocalMediaEvents {
  changed: () => void
}

/** 720p where the camera has it: eight tiles never show more, and a mesh sends it seven times. */
const cameraSize = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } }

/**
 * The media of this device. Muting disables the microphone's track, so that unmuting is instant; turning the camera off
 * stops its track, so that its light goes out. A track that ends by itself (unplugged, permission withdrawn) counts as off.
 *
 * A capture takes as long as the user thinks about the prompt. What was turned off meanwhile stays off: every command notes
 * at once what is wanted, and a capture that resolves later obeys the note or is released.
 */
export class LocalMedia implements LocalTracks {
  readonly #source: MediaSource | undefined
  readonly #newStream: () => MediaStream
  readonly #events = new Emitter<LocalMediaEvents>()
  readonly #tracks = new Map<TrackSource, MediaStreamTrack>()
  #choice: { audio: DeviceChoice; video: DeviceChoice } = { audio: false, video: false }
  #stream: MediaStream | undefined
  #screenStream: MediaStream | undefined
  /** The last word on each device; none is on. Holds across captures, whether they succeed or fail. */
  readonly #words = new Map<Device, Word>()
  /** Counts starts and stops: a capture that resolves after a later one is released, not used. */
  #generation = 0
  /** Counts ends of sharing: a screen approved after a later one is released, not shared. */
  #screenEnds = 0
  #view: LocalMediaView | undefined

  constructor(source: MediaSource | undefined, newStream = () => new MediaStream()) {
    this.#source = source
    this.#newStream = newStream
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
   * Captures microphone and camera, or switches to other devices; a source that was off stays off, and one turned off
   * while the capture is pending comes up off.
   * @throws {UsageError} `media-denied`, `media-missing`, `media-busy`, `media-unsupported`; nothing changes then.
   * `media-superseded` when a later `start` or `stop` decided otherwise.
   */
  async start(audio: DeviceChoice, video: DeviceChoice): Promise<MediaStream> {
    const source = this.#requireSource()
    const generation = ++this.#generation
    const { media } = this.view()
    for (const name of ['microphone', 'camera'] as const)
      if (media[name] === 'off') this.#words.set(name, { on: false })
    const opensCamera = video !== false && this.#wants('camera')
    const said = new Map(this.#words)
    const captured = await capture(source, audio, opensCamera ? video : false)
    if (generation !== this.#generation) {
      stopAll(captured)
      throw new UsageError('media-superseded', 'a later call decided otherwise')
    }
    this.#choice = { audio, video }
    this.#stream ??= this.#newStream()
    // A device that is given up forgets that it was off, but not what was said since.
    if (audio === false && this.#words.get('microphone') === said.get('microphone')) this.#words.delete('microphone')
    if (video === false && this.#words.get('camera') === said.get('camera')) this.#words.delete('camera')
    this.#put('microphone', captured.find(isAudio))
    // A camera this call did not ask for may have been turned on meanwhile.
    if (opensCamera || video === false) this.#put('camera', captured.find(isVideo))
    this.#changed()
    return this.#stream
  }

  /** Releases every device; a prompt that is open brings nothing on any more. */
  stop(): void {
    this.#generation += 1
    this.#screenEnds += 1
    this.#words.clear()
    for (const source of ['microphone', 'camera', 'screen'] as const) this.#drop(source)
    this.#choice = { audio: false, video: false }
    this.#stream = undefined
    this.#changed()
  }

  /** Mutes, at once, or unmutes; asks for a microphone when there is none yet. @throws {UsageError} as `start`. */
  async setMicrophone(on: boolean): Promise<void> {
    this.#words.set('microphone', { on })
    const track = this.#tracks.get('microphone')
    if (track !== undefined) track.enabled = on
    else if (on) await this.#addSource('microphone')
    this.#changed()
  }

  /** Releases the camera, at once, or captures it again. @throws {UsageError} as `start`. */
  async setCamera(on: boolean): Promise<void> {
    this.#words.set('camera', { on })
    if (on && !this.#tracks.has('camera')) await this.#addSource('camera')
    if (!on) this.#drop('camera')
    this.#changed()
  }

  /**
   * Asks which screen to share; one chosen after `stopScreen` or `stop` is not shared.
   * @throws {UsageError} `media-denied` when the user declines.
   */
  async startScreen(): Promise<void> {
    const source = this.#requireSource()
    if (this.#tracks.has('screen')) return
    const ends = this.#screenEnds
    let stream: MediaStream
    try {
      stream = await source.captureScreen()
    } catch (error) {
      throw captureError(error)
    }
    const track = stream.getVideoTracks()[0]
    if (track === undefined || ends !== this.#screenEnds) {
      stopAll(stream.getTracks())
      return
    }
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
    this.#screenEnds += 1
    this.#drop('screen')
    this.#changed()
  }

  #wants(name: Device): boolean {
    return this.#words.get(name)?.on ?? true
  }

  async #addSource(name: Device): Promise<void> {
    const source = this.#requireSource()
    const generation = this.#generation
    const wantsAudio = name === 'microphone'
    const chosen = wantsAudio ? this.#choice.audio : this.#choice.video
    const choice = chosen === false ? undefined : chosen
    const captured = await capture(source, wantsAudio ? choice : false, wantsAudio ? false : choice)
    if (generation !== this.#generation || !this.#wants(name) || this.#tracks.has(name)) {
      stopAll(captured)
      return
    }
    this.#choice = wantsAudio ? { ...this.#choice, audio: choice } : { ...this.#choice, video: choice }
    this.#stream ??= this.#newStream()
    this.#put(name, captured[0])
  }

  /** Replaces the device's track; one that is to be off comes up muted (microphone) or is released (camera). */
  #put(name: Device, track: MediaStreamTrack | undefined): void {
    this.#drop(name)
    if (track === undefined) return
    if (!this.#wants(name)) {
      track.enabled = false
      if (name === 'camera') {
        track.stop()
        return
      }
    }
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

  #stateOf(name: Device, choice: DeviceChoice): SourceState {
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

async function capture(source: MediaSource, audio: DeviceChoice, video: DeviceChoice): Promise<MediaStreamTrack[]> {
  if (audio === false && video === false) return []
  try {
    const stream = await source.capture({
      audio:
        audio === false
          ? false
          : device(audio, { echoCancellation: true, noiseSuppression: true, autoGainControl: true }),
      video: video === false ? false : device(video, cameraSize),
    })
    return stream.getTracks()
  } catch (error) {
    throw captureError(error)
  }
}

function device(choice: string | undefined, wanted: MediaTrackConstraints): MediaTrackConstraints {
  return choice === undefined ? wanted : { ...wanted, deviceId: { exact: choice } }
}

const isAudio = (track: MediaStreamTrack): boolean => track.kind === 'audio'
const isVideo = (track: MediaStreamTrack): boolean => track.kind === 'video'

function stopAll(tracks: readonly MediaStreamTrack[]): void {
  for (const track of tracks) track.stop()
}
