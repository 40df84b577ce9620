import type { Codec, DataSection, Description, MediaSection, RtpSection, Transport } from './description.ts'

/** What stands in the description in place of ids that the device made up. */
export interface Names {
  sessionId(original: string): string
  stream(original: string): string
  track(original: string): string
  cname(original: string): string
}

/** What becomes of a candidate line (`candidate:…`): undefined if it does not pass. */
export type CandidateRule = (line: string, ufrag: string | undefined) => string | undefined

/** RFC 8866 wants a format even where a section is rejected; numbers whose `rtpmap` is not written would say nothing. */
const unusedFormat = '0'

/** Writes a description from nothing but its parts: always the same lines in the same order, ended by CRLF. */
export function writeDescription(description: Description, names: Names, candidate: CandidateRule): string {
  const { origin, bundles, extmapAllowMixed, media } = description
  const lines = [
    'v=0',
    `o=- ${names.sessionId(origin.sessionId)} ${origin.version} IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    ...bundles.map((mids) => `a=group:BUNDLE ${mids.join(' ')}`),
    ...flag(extmapAllowMixed, 'extmap-allow-mixed'),
    'a=msid-semantic: WMS *',
    ...media.flatMap((section) => writeMedia(section, names, candidate)),
  ]
  return lines.map((line) => `${line}\r\n`).join('')
}

function writeMedia(section: MediaSection, names: Names, candidate: CandidateRule): readonly string[] {
  const { kind, state, mid } = section
  const [profile, formats] =
    section.kind === 'application'
      ? ['UDP/DTLS/SCTP', 'webrtc-datachannel']
      : ['UDP/TLS/RTP/SAVPF', state === 'rejected' ? unusedFormat : formatsOf(section)]
  const head = [
    `m=${kind} ${state === 'open' ? 9 : 0} ${profile} ${formats}`,
    'c=IN IP4 0.0.0.0',
    ...(mid === undefined ? [] : [`a=mid:${mid}`]),
  ]
  if (state === 'rejected') return [...head, 'a=inactive']
  return [
    ...head,
    ...flag(state === 'bundled', 'bundle-only'),
    ...writeTransport(section.transport),
    ...(section.kind === 'application' ? writeData(section) : writeRtp(section, names)),
    ...section.transport.candidates.flatMap((line) => {
      const passed = candidate(`candidate:${line}`, section.transport.ufrag)
      return passed === undefined ? [] : [`a=${passed}`]
    }),
    ...flag(section.transport.endOfCandidates, 'end-of-candidates'),
  ]
}

function formatsOf({ codecs }: RtpSection): string {
  return codecs.map(({ payloadType }) => payloadType).join(' ')
}

function writeTransport({ ufrag, password, fingerprint, setup, iceOptions }: Transport): readonly string[] {
  return [
    ...(ufrag === undefined ? [] : [`a=ice-ufrag:${ufrag}`]),
    ...(password === undefined ? [] : [`a=ice-pwd:${password}`]),
    ...(iceOptions.length === 0 ? [] : [`a=ice-options:${iceOptions.join(' ')}`]),
    ...(fingerprint === undefined ? [] : [`a=fingerprint:sha-256 ${fingerprint}`]),
    ...(setup === undefined ? [] : [`a=setup:${setup}`]),
  ]
}

function writeData({ sctpPort, maxMessageSize }: DataSection): readonly string[] {
  return [`a=sctp-port:${sctpPort}`, ...(maxMessageSize === undefined ? [] : [`a=max-message-size:${maxMessageSize}`])]
}

function writeRtp(section: RtpSection, names: Names): readonly string[] {
  return [
    ...flag(section.extmapAllowMixed, 'extmap-allow-mixed'),
    ...section.extensions.map(({ id, direction, uri }) => `a=extmap:${id}${direction} ${uri}`),
    `a=${section.direction}`,
    ...section.streams.map(({ stream, track }) => {
      const streamName = stream === '-' ? '-' : names.stream(stream)
      return track === undefined ? `a=msid:${streamName}` : `a=msid:${streamName} ${names.track(track)}`
    }),
    'a=rtcp-mux',
    ...flag(section.reducedSizeRtcp, 'rtcp-rsize'),
    ...section.codecs.flatMap(writeCodec),
    ...section.feedback.map((kind) => `a=rtcp-fb:* ${kind}`),
    ...section.packetTimes.map(([name, ms]) => `a=${name}:${ms}`),
    ...section.rids.map((rid) => `a=rid:${rid}`),
    ...(section.simulcast === undefined ? [] : [`a=simulcast:${section.simulcast}`]),
    ...section.sourceGroups.map(([semantics, sources]) => `a=ssrc-group:${semantics} ${sources.join(' ')}`),
    ...[...section.sources].map(([source, cname]) => `a=ssrc:${source} cname:${names.cname(cname)}`),
  ]
}

function writeCodec({ payloadType, encoding, feedback, parameters }: Codec): readonly string[] {
  const fmtp = [...parameters].map(([name, value]) => `${name}=${value}`).join(';')
  return [
    `a=rtpmap:${payloadType} ${encoding}`,
    ...feedback.map((kind) => `a=rtcp-fb:${payloadType} ${kind}`),
    ...(fmtp === '' ? [] : [`a=fmtp:${payloadType} ${fmtp}`]),
  ]
}

function flag(present: boolean, name: string): readonly string[] {
  return present ? [`a=${name}`] : []
}
