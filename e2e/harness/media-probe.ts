/*
 * Runs inside every page before the product does. It watches: it keeps each RTCPeerConnection that the page makes and
 * the last text that the page copied. It must be one self-contained function, since its source is what travels.
 */

/** What one tile shows and lets hear. Counters only grow while something really arrives. */
export interface TileMedia {
  readonly framesDecoded: number
  readonly width: number
  /** Sum of the energy of all sound received; 0 while nobody can hear it here. */
  readonly audioEnergy: number
}

export interface PageProbe {
  copied: string
  readonly violations: string[]
  tileMedia(tile: Element): Promise<TileMedia>
  /** DTLS fingerprints and ICE credentials of this page's connections, for a search elsewhere. */
  transportSecrets(): string[]
  /** All voice sent so far, payloads only. */
  voiceSent(): Promise<{ readonly packets: number; readonly bytes: number }>
  /** Names of the RTP header extensions in use. */
  headerExtensions(): string[]
}

declare global {
  interface Window {
    pigeonProbe: PageProbe
  }
}

export function installProbe(): void {
  const connections: RTCPeerConnection[] = []
  const Original = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      connections.push(this)
    }
  }

  const probe: PageProbe = {
    copied: '',
    violations: [],
    async tileMedia(tile) {
      const elements = [...tile.querySelectorAll<HTMLMediaElement>('video, audio')]
      const tracks = (element: HTMLMediaElement) =>
        element.srcObject instanceof MediaStream ? element.srcObject.getTracks() : []
      const shown = elements.flatMap(tracks)
      const media = { framesDecoded: 0, width: 0, audioEnergy: 0 }
      for (const connection of connections) {
        if (connection.connectionState === 'closed') continue
        const report = await connection.getStats()
        const inbound = [...report.values()].filter((one: { type: string }) => one.type === 'inbound-rtp') as {
          kind: string
          trackIdentifier: string
          framesDecoded?: number
          frameWidth?: number
          totalAudioEnergy?: number
        }[]
        const video = inbound.find((one) => one.kind === 'video' && shown.some(({ id }) => id === one.trackIdentifier))
        if (video) {
          media.framesDecoded = video.framesDecoded ?? 0
          media.width = video.frameWidth ?? 0
        }
        for (const one of inbound) {
          if (one.kind !== 'audio') continue
          const playing = [...document.querySelectorAll<HTMLMediaElement>('video, audio')].some(
            (element) =>
              !element.muted &&
              !element.paused &&
              element.volume > 0 &&
              tracks(element).some(({ id }) => id === one.trackIdentifier),
          )
          const ofThisTile = video !== undefined || shown.some(({ id }) => id === one.trackIdentifier)
          if (ofThisTile && playing) media.audioEnergy += one.totalAudioEnergy ?? 0
        }
      }
      return media
    },
    transportSecrets() {
      const descriptions = connections.flatMap(({ localDescription, remoteDescription }) => [
        localDescription?.sdp ?? '',
        remoteDescription?.sdp ?? '',
      ])
      const secret = /^a=(?:fingerprint:sha-256 |ice-ufrag:|ice-pwd:)(\S+)/gm
      return [...new Set(descriptions.flatMap((sdp) => [...sdp.matchAll(secret)].map(([, value = '']) => value)))]
    },
    async voiceSent() {
      const sum = { packets: 0, bytes: 0 }
      for (const connection of connections) {
        if (connection.connectionState !== 'connected') continue
        const report = await connection.getStats()
        for (const one of report.values() as Iterable<{
          type: string
          kind?: string
          packetsSent?: number
          bytesSent?: number
        }>) {
          if (one.type !== 'outbound-rtp' || one.kind !== 'audio') continue
          sum.packets += one.packetsSent ?? 0
          sum.bytes += one.bytesSent ?? 0
        }
      }
      return sum
    },
    headerExtensions() {
      const inUse = connections
        .flatMap((connection) => connection.getSenders())
        .flatMap((sender) => sender.getParameters().headerExtensions)
      return [...new Set(inUse.map(({ uri }) => uri))]
    },
  }
  window.pigeonProbe = probe

  const clipboard = navigator.clipboard as Clipboard | undefined
  const writeText = clipboard?.writeText.bind(clipboard)
  if (clipboard && writeText)
    clipboard.writeText = (text) => {
      probe.copied = text
      return writeText(text)
    }
  document.addEventListener('securitypolicyviolation', (event) => {
    probe.violations.push(`${event.violatedDirective} ${event.blockedURI}`)
  })
}

/** A camera that another program holds: what the browser then says cannot be had from its fake devices. */
export function installBusyCamera(): void {
  const devices = navigator.mediaDevices
  const original = devices.getUserMedia.bind(devices)
  devices.getUserMedia = (constraints) =>
    constraints?.video
      ? Promise.reject(new DOMException('Could not start video source', 'NotReadableError'))
      : original(constraints)
}
