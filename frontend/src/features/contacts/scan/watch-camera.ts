import type { Undo } from '../../../state/index.ts'

/** A hand that holds a code up is slower, and a phone stays cool. */
const lookEveryMs = 200

export interface CameraWatcher {
  started(): void
  found(said: string): void
  /** With a code of `deviceFaultText`. */
  failed(code: string): void
}

/** Opens a camera, the one that looks away from the user if there is one, and reads until something is found. The undo closes it. */
export function watchCamera(video: HTMLVideoElement, watcher: CameraWatcher): Undo {
  let over = false
  const isOver = (): boolean => over
  let stream: MediaStream | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const end = (): void => {
    over = true
    clearTimeout(timer)
    stream?.getTracks().forEach((track) => track.stop())
    video.srcObject = null
  }
  const run = async (): Promise<void> => {
    const { readCode } = await import('../../../ui/qr/index.ts')
    const opened = await openCamera()
    // Ended while the browser asked.
    if (isOver()) {
      opened.getTracks().forEach((track) => track.stop())
      return
    }
    stream = opened
    video.srcObject = opened
    await video.play()
    if (isOver()) return
    watcher.started()
    const canvas = document.createElement('canvas')
    const look = async (): Promise<void> => {
      const said = await readCode(video, canvas)
      if (isOver()) return
      if (said === undefined) timer = setTimeout(() => void look(), lookEveryMs)
      else {
        end()
        watcher.found(said)
      }
    }
    await look()
  }
  run().catch((error: unknown) => {
    if (isOver()) return
    end()
    watcher.failed(codeOf(error))
  })
  return end
}

function openCamera(): Promise<MediaStream> {
  // Plain http has no devices, whatever the types say.
  const devices = navigator.mediaDevices as MediaDevices | undefined
  if (!devices) return Promise.reject(new DOMException('no devices here', 'NotSupportedError'))
  return devices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1_280 } } })
}

function codeOf(error: unknown): string {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
      return 'media-denied'
    case 'NotFoundError':
      return 'media-missing'
    case 'NotReadableError':
      return 'media-busy'
    case 'NotSupportedError':
      return 'media-unsupported'
    default:
      return 'unexpected'
  }
}
