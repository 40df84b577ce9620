import { toHex } from '../bytes/index.ts'
import type { RemoteParty } from '../channel/index.ts'
import type { FileRight, Role } from '../control-log/index.ts'
import type { PeerId } from '../identity/index.ts'
import type { Undo } from '../lifetime/index.ts'
import type { MediaState } from '../media/index.ts'
import type { PeerSession, RemoteTracks, TrackSource } from '../peer/index.ts'
import type { CarrierName } from '../signalling/index.ts'
import { settledAfterMs, type Contender } from './capacity.ts'
import type { Hello } from './hello.ts'
import type { ConnectionState, ParticipantView } from './view.ts'

const unknownMedia: MediaState = { microphone: 'none', camera: 'none', screen: 'off' }

/** Where the connection to a member stands, with what belongs to that stage. */
export type Link =
  /** Secured, the data channels not yet confirmed. */
  | { readonly kind: 'connecting'; readonly session: PeerSession }
  | { readonly kind: 'connected'; readonly session: PeerSession }
  /** Was connected; `session` is a new attempt or one that looks for a path, if there is one. */
  | {
      readonly kind: 'reconnecting'
      readonly session: PeerSession | undefined
      readonly sinceMs: number
      readonly attempt: number
    }

/** How somebody came to us. */
export interface Way {
  /** Of the door's secret: what was decided since may have been meant to keep them out. */
  readonly epoch: number
  readonly road: CarrierName
}

/** One other participant, over all sessions with it. */
export class Member {
  readonly peerId: PeerId
  readonly publicKey: Uint8Array<ArrayBuffer>
  readonly isHost: boolean
  #hello: Hello
  #instance: string
  link: Link
  /** How its present session came about. */
  way: Way
  /** As the participant last said; undefined until it did. */
  presence: { readonly name: string; readonly media: MediaState; readonly handRaised: boolean } | undefined
  /** What it shows of its long-term identity. */
  presentation: Uint8Array<ArrayBuffer> | undefined
  /** True while it lets us wait: then it is nobody to show, for we are not in. */
  inLobby = false
  /** True once others were told that it is here. */
  introduced = false
  /** First time connected, by our clock; 0 before. */
  connectedAtMs = 0
  /** Ends the wait for a lost member. */
  stopWaiting: Undo = () => undefined
  #tracks: RemoteTracks = new Map()
  #stream: MediaStream | undefined
  #screenStream: MediaStream | undefined
  #mutedHere = false
  #mutedForAll = false
  #view: ParticipantView | undefined

  constructor(party: RemoteParty, hello: Hello, isHost: boolean, link: Link, way: Way) {
    this.peerId = party.peerId
    this.publicKey = party.publicKey
    this.isHost = isHost
    this.#hello = hello
    this.#instance = toHex(hello.instance)
    this.link = link
    this.way = way
  }

  get hello(): Hello {
    return this.#hello
  }

  set hello(hello: Hello) {
    this.#hello = hello
    this.#instance = toHex(hello.instance)
  }

  /** Tells the participant's page loads apart. */
  get instance(): string {
    return this.#instance
  }

  get session(): PeerSession | undefined {
    return this.link.session
  }

  get stream(): MediaStream | undefined {
    return this.#stream
  }

  get screenStream(): MediaStream | undefined {
    return this.presence?.media.screen === 'on' ? this.#screenStream : undefined
  }

  get mutedHere(): boolean {
    return this.#mutedHere
  }

  set mutedHere(muted: boolean) {
    this.#mutedHere = muted
    this.#applyMute()
  }

  get mutedForAll(): boolean {
    return this.#mutedForAll
  }

  set mutedForAll(muted: boolean) {
    this.#mutedForAll = muted
    this.#applyMute()
  }

  /** As it said last, or when it came. */
  get name(): string {
    return this.presence?.name ?? this.hello.name
  }

  /** True once the connection has stood long enough that a newcomer cannot displace it. */
  contender(nowMs: number): Contender {
    const settled = this.connectedAtMs > 0 && nowMs - this.connectedAtMs >= settledAfterMs
    return { peerId: this.peerId, joinedAtMs: this.hello.joinedAtMs, settled }
  }

  /** Takes the tracks of a session as they are; a stream object stays the same while its tracks do. */
  setTracks(tracks: RemoteTracks): void {
    this.#stream = rebundle(this.#stream, pick(tracks, ['microphone', 'camera']))
    this.#screenStream = rebundle(this.#screenStream, pick(tracks, ['screen']))
    this.#tracks = tracks
    this.#applyMute()
  }

  /** The participant as we see it; undefined while it lets us wait at the door. */
  view(role: Role, fileRight: FileRight): ParticipantView | undefined {
    if (this.inLobby) return undefined
    const media = this.link.kind === 'connecting' ? unknownMedia : (this.presence?.media ?? unknownMedia)
    const view: ParticipantView = {
      peerId: this.peerId,
      name: this.name,
      isHost: this.isHost,
      role,
      connection: connectionOf(this.link),
      road: this.way.road,
      media,
      mutedHere: this.#mutedHere,
      mutedForAll: this.#mutedForAll,
      fileRight,
      handRaised: this.presence?.handRaised ?? false,
      presentation: this.presentation,
      stream: this.#stream,
      screenStream: this.screenStream,
    }
    if (this.#view === undefined || !sameView(this.#view, view)) this.#view = view
    return this.#view
  }

  #applyMute(): void {
    // Whatever it calls them: what a track is for is the sender's word.
    for (const track of this.#tracks.values()) {
      if (track.kind === 'audio') track.enabled = !this.#mutedHere && !this.#mutedForAll
    }
  }
}

function connectionOf(link: Link): ConnectionState {
  return link.kind === 'reconnecting'
    ? { kind: 'reconnecting', sinceMs: link.sinceMs, attempt: link.attempt }
    : { kind: link.kind }
}

function pick(tracks: RemoteTracks, sources: readonly TrackSource[]): MediaStreamTrack[] {
  return sources.flatMap((source) => tracks.get(source) ?? [])
}

function rebundle(stream: MediaStream | undefined, tracks: readonly MediaStreamTrack[]): MediaStream | undefined {
  if (tracks.length === 0) return undefined
  const held = stream?.getTracks() ?? []
  const same = held.length === tracks.length && tracks.every((track) => held.includes(track))
  return same ? stream : new MediaStream([...tracks])
}

function sameView(a: ParticipantView, b: ParticipantView): boolean {
  const { connection: before, ...restA } = a
  const { connection: now, ...restB } = b
  const keys = Object.keys(restA) as (keyof typeof restA)[]
  return keys.every((key) => restA[key] === restB[key]) && JSON.stringify(before) === JSON.stringify(now)
}
