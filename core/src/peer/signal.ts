import { Reader, Writer } from '../codec/index.ts'
import { CodecError } from '../errors/index.ts'

/** What a media section carries, as its sender declares it. */
export type TrackSource = 'microphone' | 'camera' | 'screen'

export interface TrackLabel {
  readonly mid: string
  readonly source: TrackSource
}

/** Negotiation messages. They travel inside the secure channel or the confirmed data channel, nowhere else. */
export type Signal =
  | {
      readonly kind: 'description'
      readonly type: 'offer' | 'answer'
      /** Of the offer, or of the offer that is answered. */
      readonly number: number
      readonly sdp: string
      /** The sender's own tracks by media section. */
      readonly tracks: readonly TrackLabel[]
    }
  | { readonly kind: 'candidate'; readonly mid: string; readonly candidate: string; readonly usernameFragment: string }

/** An SDP of eight media sections stays near 12 KiB; more is not one of ours. */
export const maxSdpBytes = 32_768
/** Microphone, camera and screen of both ends, with room to spare. */
export const maxTracks = 16
const maxMidBytes = 16
const maxCandidateBytes = 512
const maxUfragBytes = 256

/** Order is wire format. */
export const trackSources: readonly TrackSource[] = ['microphone', 'camera', 'screen']

export function encodeSignal(signal: Signal): Uint8Array<ArrayBuffer> {
  if (signal.kind === 'candidate') {
    return new Writer().u8(2).text16(signal.mid).text16(signal.candidate).text16(signal.usernameFragment).finish()
  }
  const writer = new Writer()
    .u8(signal.type === 'offer' ? 0 : 1)
    .u32(signal.number)
    .text16(signal.sdp)
    .u8(signal.tracks.length)
  for (const track of signal.tracks) writer.text16(track.mid).u8(trackSources.indexOf(track.source))
  return writer.finish()
}

/** @throws {CodecError} on anything that `encodeSignal` does not produce. */
export function decodeSignal(bytes: Uint8Array): Signal {
  const reader = new Reader(bytes)
  const type = reader.u8()
  if (type === 2) {
    const signal: Signal = {
      kind: 'candidate',
      mid: reader.text16(maxMidBytes),
      candidate: reader.text16(maxCandidateBytes),
      usernameFragment: reader.text16(maxUfragBytes),
    }
    reader.end()
    return signal
  }
  if (type > 2) throw new CodecError('bad-value', 'unknown signal type')
  const number = reader.u32()
  const sdp = reader.text16(maxSdpBytes)
  const count = reader.u8()
  if (count > maxTracks) throw new CodecError('too-long', 'too many tracks')
  const tracks: TrackLabel[] = []
  for (let i = 0; i < count; i++) {
    const mid = reader.text16(maxMidBytes)
    const source = trackSources[reader.u8()]
    if (source === undefined) throw new CodecError('bad-value', 'unknown track source')
    tracks.push({ mid, source })
  }
  reader.end()
  return { kind: 'description', type: type === 0 ? 'offer' : 'answer', number, sdp, tracks }
}
