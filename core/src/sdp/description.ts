/** A description as far as it may pass: what has no place here is gone once it is read. */
export interface Description {
  /** Decimal digits of the origin (RFC 8866 section 5.2); the version grows with each description of a session. */
  readonly origin: { readonly sessionId: string; readonly version: string }
  /** BUNDLE groups (RFC 9143): the mids of sections that share the transport of the first. */
  readonly bundles: readonly (readonly string[])[]
  readonly extmapAllowMixed: boolean
  readonly media: readonly MediaSection[]
}

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'
export type SetupRole = 'actpass' | 'active' | 'passive'

/** ICE and DTLS of a section; what is bundled may leave them to the first section of its group. */
export interface Transport {
  readonly ufrag: string | undefined
  readonly password: string | undefined
  /** Upper-case digits and colons, SHA-256. */
  readonly fingerprint: string | undefined
  readonly setup: SetupRole | undefined
  readonly iceOptions: readonly string[]
  /** Candidate lines as they came. */
  readonly candidates: readonly string[]
  readonly endOfCandidates: boolean
}

interface Section {
  readonly mid: string | undefined
  /** `rejected`: port 0. `bundled`: port 0 too, but only because the section lives in a bundle (RFC 9143). */
  readonly state: 'open' | 'bundled' | 'rejected'
  readonly transport: Transport
}

export interface RtpSection extends Section {
  readonly kind: 'audio' | 'video'
  readonly direction: Direction
  readonly extmapAllowMixed: boolean
  readonly extensions: readonly HeaderExtension[]
  readonly codecs: readonly Codec[]
  /** Feedback for every codec (`*`). */
  readonly feedback: readonly string[]
  readonly reducedSizeRtcp: boolean
  /** Attributes `ptime` and `maxptime`, in milliseconds. */
  readonly packetTimes: readonly (readonly [name: string, ms: string])[]
  readonly streams: readonly MediaStreamId[]
  readonly sourceGroups: readonly (readonly [semantics: string, sources: readonly string[]])[]
  /** SSRCs and their CNAME; several of one device share it. */
  readonly sources: ReadonlyMap<string, string>
  readonly rids: readonly string[]
  readonly simulcast: string | undefined
}

export interface DataSection extends Section {
  readonly kind: 'application'
  readonly sctpPort: string
  readonly maxMessageSize: string | undefined
}

export type MediaSection = RtpSection | DataSection

export interface HeaderExtension {
  readonly id: string
  /** With the slash in front, or empty. */
  readonly direction: string
  readonly uri: string
}

export interface Codec {
  readonly payloadType: string
  /** As IANA writes it, with clock rate and channels: `opus/48000/2`. */
  readonly encoding: string
  readonly parameters: ReadonlyMap<string, string>
  readonly feedback: readonly string[]
}

export interface MediaStreamId {
  /** `-` for a track without a stream. */
  readonly stream: string
  readonly track: string | undefined
}
