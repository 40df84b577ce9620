import { CodecError, LimitError } from '../errors/index.ts'
import type { Scope } from '../lifetime/index.ts'
import { judgeRemoteCandidate, maxCandidates, outgoingLine, type CandidatePolicy } from '../ice/index.ts'
import type { Random } from '../runtime/index.ts'
import { fingerprintOf, judgeRemoteSDP, SdpSanitizer } from '../sdp/index.ts'
import { FingerprintPin } from './dtls-binding.ts'
import { admit, type Politeness } from './negotiation.ts'
import { trackSources, type Signal, type TrackLabel, type TrackSource } from './signal.ts'
import { noTracks, type LocalTracks, type RemoteTracks } from './tracks.ts'

/** Candidates of one description that we hand to the platform; a stranger's list has an end. */
const maxRemoteCandidates = maxCandidates

/** Descriptions that a peer may send in one session: a member who renegotiates without end would aim our checks at ever new targets. */
const maxRemoteDescriptions = 256

/** Signals that wait while one is applied; a whole trickle of candidates fits. */
const maxQueuedSteps = 256

export interface NegotiatorPorts {
  readonly random: Random
  /** What may leave this device and what may come in. */
  readonly policy: CandidatePolicy
  /** The tracks of this device; undefined for a peer without media. */
  readonly local: LocalTracks | undefined
}

interface NegotiatorHooks {
  send(signal: Signal): void
  remoteTracksChanged(tracks: RemoteTracks): void
  /** The session cannot go on: the description was refused or the platform failed. */
  failed(error: unknown): void
}

type Description = Extract<Signal, { kind: 'description' }>
type Candidate = Extract<Signal, { kind: 'candidate' }>

/**
 * Drives one RTCPeerConnection by perfect negotiation. Signals go out through `hooks.send`, whichever way is open;
 * incoming ones are handled strictly one after another. Descriptions and candidates leave sanitised and are judged before the platform sees
 * them (`sdp`, `ice`); nothing else passes in either direction.
 */
export class Negotiator {
  readonly #pc: RTCPeerConnection
  readonly #policy: CandidatePolicy
  readonly #sanitizer: SdpSanitizer
  readonly #politeness: Politeness
  readonly #hooks: NegotiatorHooks
  readonly #scope: Scope
  readonly #local: LocalTracks
  readonly #pin = new FingerprintPin()
  readonly #senders = new Map<TrackSource, RTCRtpTransceiver>()
  #work: Promise<void> = Promise.resolve()
  #queued = 0
  #makingOffer = false
  #ignoredOffer = false
  #localOffer = 0
  #remoteOffer = 0
  #remoteCandidates = 0
  #remoteDescriptions = 0
  #lastDescription: Description | undefined
  /** True while a local description is being made and before the first one. */
  #describing = true
  readonly #heldCandidates: Candidate[] = []
  readonly #sentKinds = new Set<RTCIceCandidateType>()

  constructor(
    pc: RTCPeerConnection,
    ports: NegotiatorPorts,
    politeness: Politeness,
    hooks: NegotiatorHooks,
    scope: Scope,
  ) {
    this.#pc = pc
    this.#politeness = politeness
    this.#hooks = hooks
    this.#scope = scope
    this.#policy = ports.policy
    this.#sanitizer = new SdpSanitizer(ports.random, ports.policy)
    this.#local = ports.local ?? noTracks
    pc.onnegotiationneeded = () => {
      this.#enqueue(() => this.#offer())
    }
    pc.onicecandidate = ({ candidate }) => {
      if (candidate === null || candidate.candidate === '') return
      const line = leaving(candidate.candidate, this.#policy)
      if (line === null) return
      this.#sendCandidate({
        kind: 'candidate',
        mid: candidate.sdpMid ?? '',
        candidate: line,
        usernameFragment: candidate.usernameFragment ?? '',
      })
    }
    scope.onEnd(
      this.#local.onChange(() => {
        this.#syncTracks()
      }),
    )
    scope.onEnd(() => {
      pc.onnegotiationneeded = null
      pc.onicecandidate = null
    })
  }

  /** SHA-256 fingerprint that the other end's certificate must have; undefined before its first description. */
  get remoteFingerprint(): Uint8Array<ArrayBuffer> | undefined {
    return this.#pin.pinned
  }

  /** Kinds of candidates that were sent, in descriptions or alone. */
  get sentKinds(): ReadonlySet<RTCIceCandidateType> {
    return this.#sentKinds
  }

  get localFingerprint(): Uint8Array<ArrayBuffer> | undefined {
    const sdp = this.#pc.localDescription?.sdp
    return sdp === undefined ? undefined : fingerprintOf(sdp)
  }

  /**
   * Puts both media sections into the first offer if this device sends any, so that devices come and go without
   * renegotiation. A call without media starts without them: they take longer to set up than everything else.
   */
  offerMedia(): void {
    if (this.#local.track('microphone') === undefined && this.#local.track('camera') === undefined) return
    this.#reserve('microphone')
    this.#reserve('camera')
    this.#syncTracks()
  }

  /** Sends our offer again if it is still unanswered: the way it took may have died under it. */
  repeatPending(): void {
    if (this.#pc.signalingState === 'have-local-offer') this.#repeat()
  }

  receive(signal: Signal): void {
    this.#enqueue(() => (signal.kind === 'candidate' ? this.#addCandidate(signal) : this.#describe(signal)))
  }

  #repeat(): void {
    if (this.#lastDescription !== undefined) this.#hooks.send(this.#lastDescription)
  }

  #enqueue(step: () => Promise<void>): void {
    this.#queued += 1
    if (this.#queued > maxQueuedSteps) {
      this.#hooks.failed(new LimitError('signal-queue', 'the peer signals faster than we can negotiate'))
      return
    }
    this.#work = this.#work.then(async () => {
      this.#queued -= 1
      if (this.#isOver()) return
      try {
        await step()
      } catch (error) {
        // After the end of the session the platform refuses whatever was under way.
        if (!this.#isOver()) this.#hooks.failed(error)
      }
    })
  }

  /** A call, since it may change over an await. */
  #isOver(): boolean {
    return this.#scope.ended
  }

  async #offer(): Promise<void> {
    // The first offer is the initiator's: it leaves with the last handshake message.
    if (this.#awaitsFirstOffer() || this.#pc.signalingState !== 'stable') return
    this.#makingOffer = true
    this.#describing = true
    try {
      await this.#pc.setLocalDescription()
      this.#localOffer += 1
      this.#sendLocal('offer', this.#localOffer)
    } finally {
      this.#makingOffer = false
    }
  }

  async #describe(signal: Description): Promise<void> {
    const decision = admit(
      {
        makingOffer: this.#makingOffer,
        signalingState: this.#pc.signalingState,
        localOffer: this.#localOffer,
        remoteOffer: this.#remoteOffer,
        answered: this.#lastDescription?.type === 'answer' && this.#lastDescription.number === this.#remoteOffer,
      },
      this.#politeness,
      signal,
    )
    if (signal.type === 'offer') this.#ignoredOffer = decision === 'ignore' && signal.number > this.#remoteOffer
    if (decision === 'repeatAnswer') this.#repeat()
    if (decision !== 'apply') return
    const sdp = judgeRemoteSDP(signal.sdp, { ...this.#policy, constantAudio: true })
    this.#pin.check(fingerprintOf(sdp))
    this.#remoteDescriptions += 1
    if (this.#remoteDescriptions > maxRemoteDescriptions) {
      throw new LimitError('renegotiation', 'the peer renegotiates without end')
    }
    await this.#pc.setRemoteDescription({ type: signal.type, sdp })
    this.#remoteCandidates = 0
    if (signal.type === 'offer') {
      this.#remoteOffer = signal.number
      this.#adopt(signal.tracks)
      this.#describing = true
      await this.#pc.setLocalDescription()
      this.#sendLocal('answer', signal.number)
    }
    this.#publishRemoteTracks(signal.tracks)
  }

  async #addCandidate(signal: Candidate): Promise<void> {
    this.#remoteCandidates += 1
    if (this.#remoteCandidates > maxRemoteCandidates) return
    const candidate = judgeRemoteCandidate(
      {
        candidate: signal.candidate,
        sdpMid: signal.mid,
        ...(signal.usernameFragment === '' ? {} : { usernameFragment: signal.usernameFragment }),
      },
      this.#policy,
    )
    if (candidate === null) return
    try {
      await this.#pc.addIceCandidate(candidate)
    } catch (error) {
      // A candidate of an offer that we ignored, or of a former ICE generation, fits nothing; others matter.
      if (!this.#ignoredOffer && this.#pc.remoteDescription === null) throw error
    }
  }

  #sendLocal(type: 'offer' | 'answer', number: number): void {
    const description = this.#pc.localDescription
    if (description === null) throw new CodecError('bad-description', 'no local description to send')
    const tracks: TrackLabel[] = []
    for (const [source, { mid }] of this.#senders) if (mid !== null) tracks.push({ mid, source })
    const sdp = this.#sanitizer.sanitize(description.sdp)
    this.#noteKinds(sdp)
    this.#lastDescription = { kind: 'description', type, number, sdp, tracks }
    this.#describing = false
    this.#hooks.send(this.#lastDescription)
    for (const candidate of this.#heldCandidates.splice(0)) this.#release(candidate)
  }

  /** A candidate means nothing before the description that it belongs to. */
  #sendCandidate(candidate: Candidate): void {
    if (this.#describing) this.#heldCandidates.push(candidate)
    else this.#release(candidate)
  }

  #release(candidate: Candidate): void {
    this.#noteKinds(candidate.candidate)
    this.#hooks.send(candidate)
  }

  #noteKinds(text: string): void {
    for (const [, kind] of text.matchAll(/ typ (host|srflx|prflx|relay)/g)) {
      if (kind === 'host' || kind === 'srflx' || kind === 'prflx' || kind === 'relay') this.#sentKinds.add(kind)
    }
  }

  /** Answers media sections of the other end with our own microphone and camera. */
  #adopt(labels: readonly TrackLabel[]): void {
    for (const { mid, source } of labels) {
      if (source === 'screen' || this.#senders.has(source) || this.#local === noTracks) continue
      const transceiver = this.#pc.getTransceivers().find((candidate) => candidate.mid === mid)
      if (transceiver === undefined) continue
      transceiver.direction = 'sendrecv'
      this.#senders.set(source, transceiver)
    }
    this.#syncTracks()
  }

  #reserve(source: TrackSource): void {
    const kind = source === 'microphone' ? 'audio' : 'video'
    const direction = source === 'screen' ? 'sendonly' : 'sendrecv'
    this.#senders.set(source, this.#pc.addTransceiver(kind, { direction }))
  }

  /** Gives every source its track; one that has no section yet gets it, which asks for negotiation. */
  #syncTracks(): void {
    // Before the first offer of the other end, its sections are not known, and ours would stand beside them.
    if (this.#isOver() || this.#awaitsFirstOffer()) return
    for (const source of trackSources) {
      const track = this.#local.track(source) ?? null
      if (track !== null && !this.#senders.has(source)) this.#reserve(source)
      const sender = this.#senders.get(source)?.sender
      if (sender === undefined || sender.track === track) continue
      sender.replaceTrack(track).catch((error: unknown) => {
        if (!this.#isOver()) this.#hooks.failed(error)
      })
    }
  }

  #awaitsFirstOffer(): boolean {
    return this.#politeness === 'polite' && this.#remoteOffer === 0
  }

  #publishRemoteTracks(labels: readonly TrackLabel[]): void {
    const tracks = new Map<TrackSource, MediaStreamTrack>()
    for (const transceiver of this.#pc.getTransceivers()) {
      const label = labels.find(({ mid }) => mid === transceiver.mid)
      if (label !== undefined) tracks.set(label.source, transceiver.receiver.track)
    }
    this.#hooks.remoteTracksChanged(tracks)
  }
}

/** A candidate of ours as it may leave; one that we cannot read stays here. */
function leaving(line: string, policy: CandidatePolicy): string | null {
  try {
    return outgoingLine(line, policy)
  } catch (error) {
    if (error instanceof CodecError) return null
    throw error
  }
}
