import type { PeerConnection } from 'node-datachannel'
import { TransportError, UsageError } from '../../errors/index.ts'
import { HeadlessDataChannel } from './headless-data-channel.ts'
import { pairStats } from './pair-stats.ts'

type Native = new (name: string, config: ConstructorParameters<typeof PeerConnection>[1]) => PeerConnection

/**
 * The part of RTCPeerConnection that core uses, over libdatachannel: data channels only. It is never `polite` with an offer
 * of its own under way (libdatachannel cannot roll back): core restarts nothing on a headless peer, so no glare arises.
 */
export class HeadlessPeerConnection {
  onnegotiationneeded: (() => void) | null = null
  onicecandidate: ((event: { readonly candidate: Partial<RTCIceCandidate> }) => void) | null = null
  oniceconnectionstatechange: (() => void) | null = null
  ondatachannel: ((event: { readonly channel: HeadlessDataChannel }) => void) | null = null
  /** libdatachannel checks the fingerprint of the description itself and does not show the certificate. */
  readonly sctp = null
  readonly #native: PeerConnection
  #negotiationScheduled = false
  #closed = false

  constructor(native: Native, configuration: RTCConfiguration) {
    this.#native = new native('p2pigeon', {
      iceServers: (configuration.iceServers ?? []).flatMap(serverUrls),
      disableAutoNegotiation: true,
      iceTransportPolicy: configuration.iceTransportPolicy ?? 'all',
    })
    this.#native.onLocalCandidate((candidate, mid) => {
      const text = candidate.replace(/^a=/, '')
      if (!this.#closed) this.onicecandidate?.({ candidate: { candidate: text, sdpMid: mid, usernameFragment: '' } })
    })
    this.#native.onDataChannel((channel) => {
      if (!this.#closed) this.ondatachannel?.({ channel: new HeadlessDataChannel(channel) })
    })
    this.#native.onIceStateChange(() => {
      if (!this.#closed) this.oniceconnectionstatechange?.()
    })
  }

  get signalingState(): RTCSignalingState {
    return this.#closed ? 'closed' : this.#native.signalingState()
  }

  get iceConnectionState(): RTCIceConnectionState {
    return this.#closed ? 'closed' : this.#native.iceState()
  }

  get localDescription(): RTCSessionDescriptionInit | null {
    return described(this.#native.localDescription())
  }

  get remoteDescription(): RTCSessionDescriptionInit | null {
    return described(this.#native.remoteDescription())
  }

  createDataChannel(label: string, init: RTCDataChannelInit): HeadlessDataChannel {
    const { negotiated = false, id, ordered = true } = init
    const channel = this.#native.createDataChannel(label, {
      negotiated,
      unordered: !ordered,
      ...(id === undefined ? {} : { id }),
    })
    this.#scheduleNegotiation()
    return new HeadlessDataChannel(channel)
  }

  getTransceivers(): [] {
    return []
  }

  async setLocalDescription(): Promise<void> {
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer'
    const described = new Promise<void>((resolve) => {
      this.#native.onLocalDescription(() => {
        resolve()
      })
    })
    this.#native.setLocalDescription(type)
    await described
  }

  async setRemoteDescription({ type, sdp }: RTCSessionDescriptionInit): Promise<void> {
    this.#native.setRemoteDescription(sdp ?? '', type)
  }

  async addIceCandidate({ candidate, sdpMid }: RTCIceCandidateInit): Promise<void> {
    if (candidate === undefined || candidate === '') return
    try {
      this.#native.addRemoteCandidate(candidate, sdpMid ?? '0')
    } catch (cause) {
      throw new TransportError('bad-candidate', 'libdatachannel refused a candidate', { cause })
    }
  }

  restartIce(): void {
    throw new UsageError('no-ice-restart', 'a headless peer dials anew instead')
  }

  getStats(): Promise<ReadonlyMap<string, RTCStats>> {
    return Promise.resolve(pairStats(this.#native.getSelectedCandidatePair()))
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#native.close()
  }

  #scheduleNegotiation(): void {
    if (this.#negotiationScheduled) return
    this.#negotiationScheduled = true
    queueMicrotask(() => {
      if (!this.#closed) this.onnegotiationneeded?.()
    })
  }
}

function described(description: { type: string; sdp: string } | null): RTCSessionDescriptionInit | null {
  return description === null ? null : { type: description.type as RTCSdpType, sdp: description.sdp }
}

/** libdatachannel's ICE speaks UDP only: servers that are reached by TCP or TLS are left out. */
function serverUrls({ urls, username, credential }: RTCIceServer): string[] {
  const usable = [urls].flat().filter((url) => /^(stun|turn):/i.test(url) && !/transport=tcp/i.test(url))
  return usable.map((url) => {
    if (username === undefined || credential === undefined) return url
    const [scheme = '', address = ''] = url.split(/:(.*)/)
    return `${scheme}:${encodeURIComponent(username)}:${encodeURIComponent(credential)}@${address}`
  })
}
