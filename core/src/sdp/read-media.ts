import { allowedEncoding, allowedParameters, isAllowedFeedback, withoutOrphans } from './codecs.ts'
import type {
  Codec,
  DataSection,
  Direction,
  HeaderExtension,
  MediaSection,
  RtpSection,
  Transport,
} from './description.ts'
import { isAllowedExtension } from './extensions.ts'
import { badDescription, insecureDescription, type Block } from './lines.ts'
import { hasFlag, matches, singleValue, valuesOf } from './read-attributes.ts'
import { readTransport, refuseOtherKeys, requireProfile } from './read-transport.ts'

/** Lists that a browser keeps far shorter. */
const maxEntries = 64

const mediaPattern = /^(?<kind>audio|video|application) (?<port>\d{1,5}) (?<profile>\S+) (?<formats>\S+(?: \S+)*) ?$/
/** Mids and rids have up to nine characters in browsers; twelve would have room for a MAC address. */
const midPattern = /^[A-Za-z0-9_-]{1,11}$/
const directions: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive']
const streamIdPattern = /^(?<stream>[\x21-\x7e]{1,64})(?: (?<track>[\x21-\x7e]{1,64}))?$/
const sourcePattern = /^(?<source>\d{1,10}) (?<name>[a-z]+)(?::(?<value>.+))?$/
const sourceGroupPattern = /^(?<semantics>FID|FEC-FR|SIM)(?<sources>(?: \d{1,10}){1,8})$/
const extensionPattern = /^(?<id>\d{1,3})(?<direction>\/(?:sendrecv|sendonly|recvonly|inactive))? (?<uri>\S+)/
const ridPattern = /^(?<rid>[A-Za-z0-9_-]{1,11}) (?<direction>send|recv)(?: (?<restrictions>\S+))?$/
const simulcastPattern = /^(?:send|recv) [A-Za-z0-9_~,;-]+(?: (?:send|recv) [A-Za-z0-9_~,;-]+)?$/
const restrictionPattern = /^max-(?:width|height|fps|fs|br|pps|bpp)=\d{1,9}$/

/** What the session sets for each section. */
export interface SessionDefaults {
  readonly transport: Transport
  readonly direction: Direction | undefined
  /** Whether the older names of today's profiles pass. */
  readonly legacy: boolean
}

/** @throws {CodecError} `bad-description`, `insecure-description` */
export function readMedia(block: Block, session: SessionDefaults): MediaSection {
  refuseOtherKeys(block)
  const found = mediaPattern.exec(block.fields[0]?.[1] ?? '')?.groups
  if (found === undefined) throw badDescription()
  const { kind = '', port = '', profile = '', formats = '' } = found
  if (Number(port) > 65_535) throw badDescription()
  const isData = kind === 'application'
  requireProfile(isData ? 'data' : 'rtp', profile, session.legacy)
  const state = Number(port) !== 0 ? 'open' : hasFlag(block, 'bundle-only') ? 'bundled' : 'rejected'
  const common = {
    mid: singleValue(block, 'mid', midPattern),
    state,
    transport: readTransport(block, session.transport),
  } as const
  return isData
    ? { ...common, ...readData(block, formats, session.legacy) }
    : readRtp(block, common, kind === 'audio' ? 'audio' : 'video', formats.split(' '), session)
}

function readData(
  block: Block,
  format: string,
  legacy: boolean,
): Pick<DataSection, 'kind' | 'sctpPort' | 'maxMessageSize'> {
  const port = singleValue(block, 'sctp-port', /^\d{1,5}$/)
  if (format !== 'webrtc-datachannel') {
    // before RFC 8841 the port was the format
    const old = matches(block, 'sctpmap', /^(?<port>\d{1,5}) webrtc-datachannel/)
    if (!legacy || old[0]?.['port'] !== format) throw badDescription()
  }
  return {
    kind: 'application',
    sctpPort: port ?? '5000',
    maxMessageSize: singleValue(block, 'max-message-size', /^\d{1,19}$/),
  }
}

function readRtp(
  block: Block,
  common: Pick<RtpSection, 'mid' | 'state' | 'transport'>,
  kind: 'audio' | 'video',
  formats: readonly string[],
  session: SessionDefaults,
): RtpSection {
  if (common.state !== 'rejected' && !hasFlag(block, 'rtcp-mux')) throw insecureDescription()
  if (formats.length > maxEntries || !formats.every((format) => /^\d{1,3}$/.test(format) && Number(format) < 128))
    throw badDescription()
  const codecs = withoutOrphans(readCodecs(block, kind, formats))
  const rids = readRids(block, codecs)
  return {
    ...common,
    kind,
    state: codecs.length === 0 ? 'rejected' : common.state,
    direction: directionOf(block) ?? session.direction ?? 'sendrecv',
    extmapAllowMixed: hasFlag(block, 'extmap-allow-mixed'),
    extensions: matches(block, 'extmap', extensionPattern)
      .map(({ id = '', direction = '', uri = '' }): HeaderExtension => ({ id, direction, uri }))
      .filter(({ uri }) => isAllowedExtension(uri)),
    codecs,
    feedback: feedbackFor(block, '*'),
    reducedSizeRtcp: hasFlag(block, 'rtcp-rsize'),
    packetTimes: (['ptime', 'maxptime'] as const).flatMap((name) =>
      valuesOf(block, name)
        .slice(0, 1)
        .filter((ms) => /^\d{1,3}$/.test(ms))
        .map((ms) => [name, ms] as const),
    ),
    streams: matches(block, 'msid', streamIdPattern)
      .slice(0, maxEntries)
      .map(({ stream = '-', track }) => ({ stream, track })),
    sourceGroups: matches(block, 'ssrc-group', sourceGroupPattern)
      .slice(0, maxEntries)
      .map(({ semantics = '', sources = '' }) => [semantics, sources.trim().split(' ')] as const),
    sources: readSources(block),
    rids: [...rids.values()],
    simulcast: readSimulcast(block, rids),
  }
}

export function directionOf(block: Block): Direction | undefined {
  return directions.find((direction) => hasFlag(block, direction))
}

function readCodecs(block: Block, kind: 'audio' | 'video', formats: readonly string[]): readonly Codec[] {
  const encodings = new Map(
    matches(block, 'rtpmap', /^(?<format>\d{1,3}) (?<encoding>[A-Za-z0-9_/.-]{1,64})$/).map(
      ({ format = '', encoding = '' }) => [format, encoding],
    ),
  )
  const fmtps = new Map(
    matches(block, 'fmtp', /^(?<format>\d{1,3}) (?<text>.+)$/).map(({ format = '', text = '' }) => [format, text]),
  )
  const feedback = new Map<string, string[]>()
  for (const { format = '', kind: what = '' } of matches(block, 'rtcp-fb', /^(?<format>\d{1,3}|\*) (?<kind>.+)$/))
    feedback.set(format, [...(feedback.get(format) ?? []), what])
  return [...new Set(formats)].flatMap((payloadType): readonly Codec[] => {
    const encoding = allowedEncoding(kind, payloadType, encodings.get(payloadType))
    const parameters = encoding === undefined ? undefined : allowedParameters(encoding, fmtps.get(payloadType) ?? '')
    if (encoding === undefined || parameters === undefined) return []
    const allowed = (feedback.get(payloadType) ?? []).filter(isAllowedFeedback)
    return [{ payloadType, encoding, parameters, feedback: [...new Set(allowed)] }]
  })
}

function feedbackFor(block: Block, format: string): readonly string[] {
  const all = valuesOf(block, 'rtcp-fb').filter((value) => value.startsWith(`${format} `))
  return [...new Set(all.map((value) => value.slice(format.length + 1)).filter(isAllowedFeedback))]
}

function readSources(block: Block): ReadonlyMap<string, string> {
  const sources = new Map<string, string>()
  for (const { source = '', name, value } of matches(block, 'ssrc', sourcePattern)) {
    if (!sources.has(source) && sources.size < maxEntries) sources.set(source, '')
    if (name === 'cname' && value !== undefined && sources.has(source)) sources.set(source, value)
  }
  return sources
}

/** Rids (RFC 8851) with the restrictions that we know, by id. */
function readRids(block: Block, codecs: readonly Codec[]): ReadonlyMap<string, string> {
  const kept = new Map<string, string>()
  const payloadTypes = new Set(codecs.map(({ payloadType }) => payloadType))
  for (const { rid = '', direction = '', restrictions = '' } of matches(block, 'rid', ridPattern).slice(
    0,
    maxEntries,
  )) {
    const parts = restrictions.split(';').flatMap((part) => {
      if (!part.startsWith('pt=')) return restrictionPattern.test(part) ? [part] : []
      const known = part
        .slice(3)
        .split(',')
        .filter((format) => payloadTypes.has(format))
      return [`pt=${known.join(',')}`]
    })
    if (!parts.includes('pt='))
      kept.set(rid, [rid, direction, ...(parts.length > 0 ? [parts.join(';')] : [])].join(' '))
  }
  return kept
}

/** A simulcast line (RFC 8853) whose every rid is there. */
function readSimulcast(block: Block, rids: ReadonlyMap<string, string>): string | undefined {
  const value = valuesOf(block, 'simulcast').find((text) => simulcastPattern.test(text))
  const named = value?.match(/[A-Za-z0-9_-]+/g)?.filter((word) => word !== 'send' && word !== 'recv') ?? []
  return named.length > 0 && named.every((rid) => rids.has(rid)) ? value : undefined
}
