import type { Codec } from './description.ts'

const bit = /^[01]$/
const number = /^\d{1,9}$/

interface CodecRule {
  readonly parameters: Readonly<Record<string, RegExp>>
  /** Parameters that must hold, if they are there. */
  readonly only?: Readonly<Record<string, RegExp>>
}

/**
 * What may be negotiated. Platforms add formats that the machine's video hardware knows (H.265, high profiles of H.264,
 * ten-bit VP9): the list would name the hardware, so there are only those that every browser brings along. Of audio, Opus
 * and the old codecs whose packets have one size; no comfort noise, which would tell silence from speech, and no
 * redundancy, which would undo the constant size.
 */
const rules: Readonly<Record<string, CodecRule>> = {
  'opus/48000/2': {
    parameters: {
      ...{ minptime: number, useinbandfec: bit, usedtx: bit, cbr: bit, stereo: bit },
      ...{ 'sprop-stereo': bit, maxaveragebitrate: number, maxplaybackrate: number },
    },
  },
  'PCMU/8000': { parameters: {} },
  'PCMA/8000': { parameters: {} },
  'G722/8000': { parameters: {} },
  'VP8/90000': { parameters: { 'max-fs': number, 'max-fr': number } },
  'VP9/90000': {
    parameters: { 'profile-id': number, 'max-fs': number, 'max-fr': number },
    only: { 'profile-id': /^0$/ },
  },
  'AV1/90000': {
    parameters: { 'level-idx': number, profile: number, tier: number },
    only: { profile: /^0$/, tier: /^0$/ },
  },
  'H264/90000': {
    parameters: { 'profile-level-id': /^[0-9a-f]{6}$/i, 'packetization-mode': bit, 'level-asymmetry-allowed': bit },
    only: { 'profile-level-id': /^42(?:00|c0|e0)1f$/i },
  },
  'rtx/90000': { parameters: { apt: /^\d{1,3}$/, 'rtx-time': number } },
  'red/90000': { parameters: {} },
  'ulpfec/90000': { parameters: {} },
}

const names = new Map(Object.keys(rules).map((encoding) => [encoding.toLowerCase(), encoding]))
const audioEncodings = new Set(['opus/48000/2', 'PCMU/8000', 'PCMA/8000', 'G722/8000'])
/** Payload types that mean a codec without saying so (RFC 3551 section 6). */
const staticEncodings: Readonly<Record<string, string>> = { '0': 'PCMU/8000', '8': 'PCMA/8000', '9': 'G722/8000' }
const feedbackKinds = new Set(['goog-remb', 'transport-cc', 'ccm fir', 'nack', 'nack pli'])

export function isAllowedFeedback(kind: string): boolean {
  return feedbackKinds.has(kind)
}

/** The canonical name of the encoding behind a payload type, if it may be used for this kind of media. */
export function allowedEncoding(
  kind: 'audio' | 'video',
  payloadType: string,
  rtpmap: string | undefined,
): string | undefined {
  const fixed = Object.hasOwn(staticEncodings, payloadType) ? staticEncodings[payloadType] : undefined
  const name = names.get((rtpmap ?? fixed ?? '').toLowerCase())
  return name !== undefined && audioEncodings.has(name) === (kind === 'audio') ? name : undefined
}

/** The parameters of an `fmtp` value that belong to the codec; undefined if one of them makes it one we do not use. */
export function allowedParameters(encoding: string, fmtp: string): ReadonlyMap<string, string> | undefined {
  const rule = rules[encoding]
  const kept = new Map<string, string>()
  if (rule === undefined) return undefined
  for (const part of fmtp.split(';')) {
    const equals = part.indexOf('=')
    const [name, value] = [part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim()]
    if (equals < 0 || !Object.hasOwn(rule.parameters, name) || rule.parameters[name]?.test(value) !== true) continue
    if (rule.only !== undefined && Object.hasOwn(rule.only, name) && rule.only[name]?.test(value) !== true)
      return undefined
    kept.set(name, value)
  }
  return kept
}

/** The codecs without retransmission formats that repair none of them, and nothing at all if only repair is left. */
export function withoutOrphans(codecs: readonly Codec[]): readonly Codec[] {
  const present = new Set(codecs.map(({ payloadType }) => payloadType))
  const kept = codecs.filter(
    ({ encoding, parameters }) => encoding !== 'rtx/90000' || present.has(parameters.get('apt') ?? ''),
  )
  return kept.some(({ encoding }) => !/^(?:rtx|red|ulpfec)\//.test(encoding)) ? kept : []
}
