import { CodecError } from '../errors/index.ts'
import { type IpAddress, parseIpAddress } from './ip-address.ts'

/** Longest candidate line that is read; browsers write up to about 250 characters. */
const maxCandidateLength = 512

export type CandidateType = 'host' | 'srflx' | 'prflx' | 'relay'
export type TcpType = 'active' | 'passive' | 'so'

/** Where a candidate leads: an address, or a name that would have to be resolved (lower case). */
export type CandidateTarget =
  { readonly kind: 'address'; readonly ip: IpAddress } | { readonly kind: 'name'; readonly name: string }

/** One ICE candidate (RFC 8839 section 5.1; TCP: RFC 6544). */
export interface IceCandidate {
  readonly foundation: string
  /** 1 to 256; 1 is RTP, and everything else where RTCP is multiplexed. */
  readonly component: number
  readonly transport: 'udp' | 'tcp'
  /** 0 to 2^32-1. */
  readonly priority: number
  readonly target: CandidateTarget
  readonly port: number
  readonly type: CandidateType
  /** What `raddr` and `rport` said. The address is unread: it never leaves and is never used. */
  readonly related?: { readonly address: string; readonly port: number }
  readonly tcpType?: TcpType
  readonly usernameFragment?: string
  /** Every other extension, in order. */
  readonly extensions: readonly (readonly [name: string, value: string])[]
}

const prefixPattern = /^(?:a=)?candidate:/
const candidatePattern =
  /^(?<foundation>[A-Za-z0-9+/]{1,32}) (?<component>\d{1,3}) (?<transport>udp|tcp) (?<priority>\d{1,10}) (?<address>\S{1,255}) (?<port>\d{1,5}) typ (?<type>host|srflx|prflx|relay)(?: (?<rest>.*))?$/i
const relatedPattern = /^raddr (?<address>[A-Za-z0-9.:-]{1,255}) rport (?<port>\d{1,5})(?: (?<rest>.*))?$/
const namePattern = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i
const mdnsPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.local$/
export const usernameFragmentPattern = /^[A-Za-z0-9+/]{4,256}$/

/** The names that browsers give to their local addresses (draft-ietf-mmusic-mdns-ice-candidates). */
export function isMdnsName(name: string): boolean {
  return mdnsPattern.test(name)
}

/**
 * Reads a candidate with or without `candidate:` or `a=candidate:` in front.
 * @throws {CodecError} `bad-candidate`; the input is never echoed.
 */
export function parseIceCandidate(line: string): IceCandidate {
  if (line.length > maxCandidateLength || !/^[\x20-\x7e]*$/.test(line)) throw refused()
  const fields = candidatePattern.exec(line.replace(prefixPattern, ''))?.groups
  if (fields === undefined) throw refused()
  let rest = fields['rest']
  let related: IceCandidate['related']
  if (rest?.startsWith('raddr ') === true || rest === 'raddr') {
    const found = relatedPattern.exec(rest)?.groups
    if (found === undefined) throw refused()
    related = { address: found['address'] ?? '', port: numberIn(found['port'], 0, 65_535) }
    rest = found['rest']
  }
  return {
    foundation: fields['foundation'] ?? '',
    component: numberIn(fields['component'], 1, 256),
    transport: fields['transport']?.toLowerCase() === 'tcp' ? 'tcp' : 'udp',
    priority: numberIn(fields['priority'], 0, 0xffff_ffff),
    target: readTarget(fields['address'] ?? ''),
    port: numberIn(fields['port'], 0, 65_535),
    type: (fields['type'] ?? '').toLowerCase() as CandidateType,
    ...(related === undefined ? {} : { related }),
    ...readExtensions(rest),
  }
}

/** Writes a candidate as `candidate:…`, the form that browsers use between each other. */
export function formatIceCandidate(candidate: IceCandidate): string {
  const { foundation, component, transport, priority, target, port, type, related, tcpType, usernameFragment } =
    candidate
  const parts = [`candidate:${foundation}`, component, transport, priority]
  parts.push(target.kind === 'name' ? target.name : target.ip.text, port, 'typ', type)
  if (related !== undefined) parts.push('raddr', related.address, 'rport', related.port)
  if (tcpType !== undefined) parts.push('tcptype', tcpType)
  if (usernameFragment !== undefined) parts.push('ufrag', usernameFragment)
  for (const extension of candidate.extensions) parts.push(...extension)
  return parts.join(' ')
}

function readTarget(text: string): CandidateTarget {
  const ip = parseIpAddress(text)
  if (ip !== undefined) return { kind: 'address', ip }
  if (!namePattern.test(text)) throw refused()
  return { kind: 'name', name: text.toLowerCase() }
}

/** RFC 8839 lets a value be empty; some write a last name without one. Both are extensions that nobody keeps. */
function readExtensions(rest: string | undefined): Pick<IceCandidate, 'tcpType' | 'usernameFragment' | 'extensions'> {
  const words = rest === undefined || rest === '' ? [] : rest.split(' ')
  let tcpType: TcpType | undefined
  let usernameFragment: string | undefined
  const extensions: (readonly [string, string])[] = []
  for (let index = 0; index < words.length; index += 2) {
    const [name = '', value = ''] = words.slice(index, index + 2)
    if (name === 'raddr' || name === 'rport') throw refused()
    if (name === 'tcptype') {
      if (tcpType !== undefined || !isTcpType(value)) throw refused()
      tcpType = value
    } else if (name === 'ufrag') {
      if (usernameFragment !== undefined || !usernameFragmentPattern.test(value)) throw refused()
      usernameFragment = value
    } else extensions.push([name, value])
  }
  return {
    ...(tcpType === undefined ? {} : { tcpType }),
    ...(usernameFragment === undefined ? {} : { usernameFragment }),
    extensions,
  }
}

function isTcpType(value: string): value is TcpType {
  return value === 'active' || value === 'passive' || value === 'so'
}

function numberIn(text: string | undefined, min: number, max: number): number {
  const value = Number(text)
  if (!(value >= min && value <= max)) throw refused()
  return value
}

function refused(): CodecError {
  return new CodecError('bad-candidate', 'not an ICE candidate')
}
