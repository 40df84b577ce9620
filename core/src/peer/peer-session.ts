import { concat } from '../bytes/index.ts'
import { closeReasons, type ChannelRole, type CloseReason, type SecureChannel } from '../channel/index.ts'
import { CodecError, LimitError, TransportError } from '../errors/index.ts'
import { Emitter, type Scope, type Undo } from '../lifetime/index.ts'
import type { PrivacyLevel } from '../ice/index.ts'
import type { Clock, PeerConnections, Random } from '../runtime/index.ts'
import { DataLink, type Fingerprints } from './data-link.ts'
import type { FileChannel } from './file-channel.ts'
import { hasLoopbackRelay } from './ice-supply.ts'
import { Negotiator } from './negotiator.ts'
import { selectedPair, type PathFacts } from './path-facts.ts'
import { PathWatch } from './path-watch.ts'
import { next, type PeerInput, type PeerState } from './peer-state.ts'
import { decodeSignal, encodeSignal } from './signal.ts'
import type { LocalTracks, RemoteTracks } from './tracks.ts'

/** From attaching the channel to confirmed data channels; relayed paths on slow networks take a few seconds. */
const negotiationLimitMs = 20_000

/** A connection stays this long after our goodbye, so that it leaves the buffers. */
const lingerMs = 250

/** First byte of everything a session sends, on the secure channel and on the control data channel. */
const frameKind = { signal: 0, control: 1, bye: 2, lobby: 3 } as const

/** What a member sends by the channel to somebody who must wait to be let in. */
export const lobbyNotice = Uint8Array.of(frameKind.lobby)

export interface PeerPorts {
  readonly clock: Clock
  readonly random: Random
  readonly peerConnections: PeerConnections
  readonly privacy: PrivacyLevel
  readonly constantRate: boolean
  /** The STUN and TURN servers as they are now. */
  iceServers(): readonly RTCIceServer[]
  readonly localTracks: LocalTracks
}

export interface PeerEvents {
  stateChanged: (now: PeerState, before: PeerState) => void
  /** A control message of the room layer; before the session is open by the secure channel, later by data channel. */
  controlReceived: (message: Uint8Array<ArrayBuffer>) => void
  /** A message of the `messages` data channel, in order. */
  messageReceived: (message: Uint8Array<ArrayBuffer>) => void
  /** The other end opened its channel for files, by which it asks and we answer. */
  filesOpened: (channel: FileChannel) => void
  remoteTracksChanged: (tracks: RemoteTracks) => void
  /** The other end holds our channel and negotiates no further until somebody lets us in; then it closes with `admitted`. */
  lobbyEntered: () => void
}

/** Signals wait for the channel, then take it while it lives; a confirmed data channel needs it no longer. */
type ChannelState =
  | { readonly kind: 'awaited'; readonly waiting: Uint8Array<ArrayBuffer>[] }
  | { readonly kind: 'attached'; readonly channel: SecureChannel }
  | { readonly kind: 'gone' }

/**
 * One secure channel and one RTCPeerConnection with one remote participant. They end together, except that a confirmed
 * connection outlives the carrier under the channel. Negotiation may start before the channel is there.
 */
export class PeerSession {
  readonly role: ChannelRole
  readonly #ports: PeerPorts
  readonly #events = new Emitter<PeerEvents>()
  readonly #scope: Scope
  readonly #pc: RTCPeerConnection
  readonly #negotiator: Negotiator
  readonly #data: DataLink
  #state: PeerState = { kind: 'negotiating' }
  #saidBye = false
  /** True once the other end lets us wait: then it gets nothing more of us, and can end the wait only by closing. */
  #inLobby = false
  /** Ends the wait for confirmed data channels. */
  #stopLimit: Undo = () => undefined
  #channel: ChannelState = { kind: 'awaited', waiting: [] }

  /** @param withMedia false for a peer without media: then only data channels are negotiated. */
  constructor(ports: PeerPorts, role: ChannelRole, withMedia: boolean, scope: Scope) {
    this.role = role
    this.#ports = ports
    this.#scope = scope.child()
    const policy = { level: ports.privacy, loopbackRelay: hasLoopbackRelay(ports.iceServers()) }
    this.#pc = ports.peerConnections.create(this.#configuration())
    const failed = (): void => {
      this.close('violation')
    }
    this.#scope.onEnd(() => {
      if (this.#saidBye)
        ports.clock.after(lingerMs, () => {
          this.#pc.close()
        })
      else this.#pc.close()
    })
    this.#data = new DataLink(
      this.#pc,
      ports,
      {
        confirmed: () => {
          this.#move({ kind: 'confirmed' })
        },
        controlReceived: (message) => {
          this.#receive(message)
        },
        messageReceived: (message) => {
          this.#events.emit('messageReceived', message)
        },
        filesOpened: (channel) => {
          this.#events.emit('filesOpened', channel)
        },
        lost: () => {
          this.close('lost')
        },
        failed,
      },
      this.#scope,
    )
    this.#negotiator = new Negotiator(
      this.#pc,
      { random: ports.random, policy, local: withMedia ? ports.localTracks : undefined },
      role === 'initiator' ? 'impolite' : 'polite',
      {
        send: (signal) => {
          this.#send(frameKind.signal, encodeSignal(signal))
        },
        remoteTracksChanged: (tracks) => {
          this.#events.emit('remoteTracksChanged', tracks)
        },
        failed,
      },
      this.#scope,
    )
    if (withMedia && role === 'initiator') this.#negotiator.offerMedia()
    this.#watchPath()
  }

  get state(): PeerState {
    return this.#state
  }

  on<K extends keyof PeerEvents>(event: K, listener: PeerEvents[K]): Undo {
    return this.#events.on(event, listener)
  }

  /** Gives the session its secure channel; called once. What negotiation produced so far is sent now; see `listen`. */
  attach(channel: SecureChannel): void {
    if (this.#channel.kind !== 'awaited') return
    const { waiting } = this.#channel
    this.#channel = { kind: 'attached', channel }
    for (const message of waiting) channel.send(message)
    this.#data.confirm(channel, () => this.fingerprints)
    this.#stopLimit = this.#ports.clock.after(negotiationLimitMs, () => {
      if (this.#state.kind === 'negotiating') this.close('timeout')
    })
    this.#scope.onEnd(this.#stopLimit)
    this.#scope.onEnd(
      channel.on('closed', (reason) => {
        this.#channelClosed(reason)
      }),
    )
  }

  /** Takes what comes by the channel; to be called when the other end is proven and whoever owns the session follows it. */
  listen(): void {
    if (this.#channel.kind !== 'attached') return
    this.#scope.onEnd(
      this.#channel.channel.on('messageReceived', (message) => {
        this.#guard(() => {
          this.#receive(message)
        })
      }),
    )
  }

  /** Sends a control message by the best way there is; lost if there is none. */
  sendControl(message: Uint8Array<ArrayBuffer>): void {
    this.#send(frameKind.control, message)
  }

  /**
   * Sends a control message by the data channel alone, in order also over a lost path; dropped before the channel is confirmed. For what must not
   * overtake itself, and must not go round by a carrier.
   */
  sendDirect(message: Uint8Array<ArrayBuffer>): void {
    if (this.#inLobby) return
    this.#orTooSlow(() => {
      this.#data.sendControl(concat(new Uint8Array([frameKind.control]), message))
    })
  }

  /** Sends on the `messages` data channel; dropped unless the session is open. */
  sendMessage(message: Uint8Array<ArrayBuffer>): void {
    this.#orTooSlow(() => {
      this.#data.sendMessage(message)
    })
  }

  /** Resolves when the `messages` data channel can take more. */
  drained(): Promise<void> {
    return this.#data.drained()
  }

  /**
   * Opens the channel by which we ask for files; once. It closes with the session.
   * @throws {TransportError} `unreachable` before the session is open, in a room of constant rate, or when it could not be opened.
   */
  async openFiles(): Promise<FileChannel> {
    if (this.#inLobby) throw new TransportError('unreachable', 'who waits at the door asks for nothing')
    return this.#data.openFiles()
  }

  /** SHA-256 of the DTLS certificates of both ends, as the channel bound them; undefined before they are known. */
  get fingerprints(): Fingerprints | undefined {
    const { localFingerprint: local, remoteFingerprint: remote } = this.#negotiator
    return local === undefined || remote === undefined ? undefined : { local, remote }
  }

  /** The way to the peer, and what we have shown it of ourselves. */
  async path(): Promise<PathFacts> {
    return { pair: selectedPair(await this.#pc.getStats()), sent: this.#negotiator.sentKinds }
  }

  stats(): Promise<RTCStatsReport> {
    return this.#pc.getStats()
  }

  /** Tells the other end, then ends everything the session holds. */
  close(reason: CloseReason): void {
    if (this.#state.kind === 'closed') return
    if (this.#data.isOpen) {
      this.#saidBye = true
      // A goodbye that finds no room is not said: the end of the connection says it.
      fits(() => {
        this.#data.sendLast(new Uint8Array([frameKind.bye, closeReasons.indexOf(reason)]))
      })
    }
    this.#finish(reason, reason)
  }

  #finish(reason: CloseReason, tell: CloseReason): void {
    const channel = this.#channel
    this.#channel = { kind: 'gone' }
    this.#move({ kind: 'closed', reason })
    this.#scope.end()
    this.#events.clear()
    if (channel.kind === 'attached') channel.channel.close(tell)
  }

  #watchPath(): void {
    new PathWatch(
      this.#pc,
      this.role,
      this.#ports.clock,
      {
        lost: () => {
          if (this.#channel.kind === 'gone' || !this.#ports.peerConnections.supportsMedia) {
            // Without a way to signal, or on a headless peer without ICE restart, a new session is the only way back.
            this.close('lost')
            return
          }
          this.#move({ kind: 'pathLost', nowMs: this.#ports.clock.now() })
          this.#negotiator.repeatPending()
        },
        back: () => {
          this.#move({ kind: 'pathBack' })
        },
        restart: () => {
          // Credentials of the servers that it began with may have run out.
          this.#pc.setConfiguration(this.#configuration())
          this.#pc.restartIce()
        },
        givenUp: () => {
          this.close('lost')
        },
      },
      this.#scope,
    )
  }

  #configuration(): RTCConfiguration {
    const ports = this.#ports
    return {
      iceServers: [...ports.iceServers()],
      iceTransportPolicy: ports.privacy === 'hidden' ? 'relay' : 'all',
      bundlePolicy: 'max-bundle',
      rtcpMuxPolicy: 'require',
    }
  }

  #move(input: PeerInput): void {
    const before = this.#state
    this.#state = next(before, input)
    if (this.#state !== before) this.#events.emit('stateChanged', this.#state, before)
  }

  #send(kind: number, payload: Uint8Array): void {
    if (this.#inLobby) return
    const message = concat(new Uint8Array([kind]), payload)
    if (this.#state.kind === 'open' && this.#data.isOpen) {
      this.#orTooSlow(() => {
        this.#data.sendControl(message)
      })
    } else if (this.#channel.kind === 'attached') this.#channel.channel.send(message)
    else if (this.#channel.kind === 'awaited') this.#channel.waiting.push(message)
  }

  /** A peer that takes data too slowly loses the session, whatever was sent; a caller that tells everybody goes on. */
  #orTooSlow(send: () => void): void {
    if (!fits(send)) this.close('lost')
  }

  #receive(message: Uint8Array<ArrayBuffer>): void {
    const payload = message.subarray(1)
    if (this.#inLobby && message[0] !== frameKind.bye) throw new CodecError('bad-value', 'a lobby says nothing more')
    switch (message[0]) {
      case frameKind.signal:
        this.#negotiator.receive(decodeSignal(payload))
        return
      case frameKind.control:
        this.#events.emit('controlReceived', payload)
        return
      case frameKind.bye:
        this.#finish(closeReasons[payload[0] ?? closeReasons.length] ?? 'violation', 'left')
        return
      case frameKind.lobby:
        // Only whoever we dialled can let us wait, and only instead of an answer: otherwise this would be a way to be here unseen.
        if (payload.length > 0 || this.role !== 'initiator' || this.fingerprints !== undefined || this.#inLobby) {
          throw new CodecError('bad-value', 'nobody waits here')
        }
        if (this.#state.kind !== 'negotiating') return
        this.#inLobby = true
        this.#stopLimit()
        this.#events.emit('lobbyEntered')
        return
      default:
        throw new CodecError('bad-value', 'unknown kind of message')
    }
  }

  /** A peer that sends what it must not loses the session; nothing it sent is echoed. */
  #guard(step: () => void): void {
    try {
      step()
    } catch (error) {
      if (!(error instanceof CodecError)) throw error
      this.close('violation')
    }
  }

  #channelClosed(reason: CloseReason): void {
    this.#channel = { kind: 'gone' }
    if (reason === 'lost' && this.#state.kind === 'open') this.#negotiator.repeatPending()
    else this.#finish(reason, reason)
  }
}

/** False if the queue towards the peer is full. */
function fits(send: () => void): boolean {
  try {
    send()
    return true
  } catch (error) {
    if (error instanceof LimitError) return false
    throw error
  }
}
