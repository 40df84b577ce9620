import type { CallState, DeviceList, LocalMediaSnapshot, MediaWish, PreferencesValue } from '../../session/index.ts'
import type { Readable } from '../../state/index.ts'
import { deviceFaultText, faultText, roomName, text, type FaultText } from '../../text/index.ts'

/** What the pre-join page needs from the session. */
export interface PreJoinPorts {
  readonly roomId: string
  /** The name this user gave the room, if any. */
  readonly givenName: string | undefined
  readonly media: Readable<LocalMediaSnapshot>
  readonly devices: Readable<DeviceList>
  readonly preferences: Readable<PreferencesValue>
  readonly call: Readable<CallState>
  openMedia(wish: MediaWish): Promise<void>
  usualWish(): MediaWish
  closeMedia(): Promise<void>
  toggleMicrophone(): Promise<void>
  toggleCamera(): Promise<void>
  chooseMicrophone(id: string | undefined): Promise<void>
  chooseCamera(id: string | undefined): Promise<void>
  change(part: Partial<PreferencesValue>): void
  join(): Promise<void>
}

/** A device that does not work: the words, and what to try again. */
export interface DeviceProblem extends FaultText {
  readonly device: 'microphone' | 'camera' | 'both'
}

export class PreJoinViewModel {
  readonly ports: PreJoinPorts

  constructor(ports: PreJoinPorts) {
    this.ports = ports
  }

  get title(): string {
    return this.ports.givenName ?? roomName(this.ports.roomId)
  }

  /** Opens the devices unless they are open already. */
  start(): void {
    if (this.ports.media.get().phase === 'closed') void this.ports.openMedia(this.ports.usualWish())
  }

  /** Releases the devices unless the call took them over. */
  end(): void {
    const { kind } = this.ports.call.get()
    if (kind !== 'joining' && kind !== 'in-room') void this.ports.closeMedia()
  }

  /** Tries again with whatever failed, leaving what works as it is. */
  retry(): void {
    const { media, microphoneFault, cameraFault } = this.ports.media.get()
    void this.ports.openMedia({
      microphone: microphoneFault ? 'on' : media.microphone,
      camera: cameraFault ? 'on' : media.camera,
    })
  }

  setName(name: string): void {
    this.ports.change({ name })
  }

  chooseSpeaker(id: string | undefined): void {
    this.ports.change({ speakerId: id })
  }
}

/** What stands in the way of microphone and camera, at most one line for both. */
export function deviceProblem(snapshot: LocalMediaSnapshot): DeviceProblem | undefined {
  const { microphoneFault, cameraFault } = snapshot
  if (microphoneFault && cameraFault) {
    const words = deviceFaultText('microphone', microphoneFault)
    const same = microphoneFault === cameraFault && microphoneFault !== 'media-busy'
    return same
      ? { device: 'both', ...bothText(microphoneFault) }
      : { device: 'both', title: `${words.title}. ${deviceFaultText('camera', cameraFault).title}`, body: words.body }
  }
  if (microphoneFault) return { device: 'microphone', ...deviceFaultText('microphone', microphoneFault) }
  if (cameraFault) return { device: 'camera', ...deviceFaultText('camera', cameraFault) }
  return undefined
}

function bothText(code: string): FaultText {
  return text.preJoin.bothFaults[code] ?? text.preJoin.bothFailed
}

/** Words for a join that failed. */
export function joinFault(state: CallState): FaultText | undefined {
  return state.kind === 'failed' ? faultText(state.code) : undefined
}
