import type { SetupRole, Transport } from './description.ts'
import { insecureDescription, type Block } from './lines.ts'
import { hasFlag, isDisguised, singleValue, valuesOf } from './read-attributes.ts'

const fingerprintPattern = /^sha-256 (?:[0-9a-f]{2}:){31}[0-9a-f]{2}$/i
const setupPattern = /^(?:actpass|active|passive)$/
/** RFC 8839 section 5.4. */
const ufragPattern = /^[A-Za-z0-9+/]{4,256}$/
const passwordPattern = /^[A-Za-z0-9+/]{22,256}$/
const knownIceOptions = new Set(['trickle', 'ice2'])

const sensitive = new Set([
  ...['crypto', 'key-mgmt', 'fingerprint', 'setup', 'tls-id', 'rtcp-mux'],
  ...['ice-ufrag', 'ice-pwd', 'candidate', 'mid', 'group'],
])

/** Where RTP is encrypted by DTLS, and the names that older browsers gave to the same. */
const profiles: Readonly<Record<'rtp' | 'data', readonly string[]>> = {
  rtp: ['UDP/TLS/RTP/SAVPF', 'RTP/SAVPF', 'TCP/TLS/RTP/SAVPF'],
  data: ['UDP/DTLS/SCTP', 'DTLS/SCTP', 'TCP/DTLS/SCTP'],
}

/**
 * Refuses what leads around DTLS or can be read in two ways: keys in the description (SDES, MIKEY), disguised attributes.
 * @throws {CodecError} `insecure-description`
 */
export function refuseOtherKeys(block: Block): void {
  if (block.fields.some(([type]) => type === 'k')) throw insecureDescription()
  for (const attribute of block.attributes) {
    const { name } = attribute
    if (name === 'crypto' || name === 'key-mgmt' || isDisguised(attribute, sensitive)) throw insecureDescription()
  }
}

/**
 * @param legacy whether the older names of the profiles pass; they are never written.
 * @throws {CodecError} `insecure-description` for a profile without DTLS.
 */
export function requireProfile(kind: 'rtp' | 'data', profile: string, legacy: boolean): void {
  const known = profiles[kind]
  if (!(legacy ? known : known.slice(0, 1)).includes(profile)) throw insecureDescription()
}

/**
 * ICE and DTLS of one section; what it lacks it has from the session.
 * @throws {CodecError} `insecure-description` for another hash than SHA-256, a fingerprint or role given twice, or a fingerprint
 *   that is not the session's.
 */
export function readTransport(block: Block, session?: Transport): Transport {
  const fingerprint = singleValue(block, 'fingerprint', fingerprintPattern, insecureDescription)
  const print = fingerprint?.slice('sha-256 '.length).toUpperCase()
  if (print !== undefined && session?.fingerprint !== undefined && print !== session.fingerprint)
    throw insecureDescription()
  const setup = singleValue(block, 'setup', setupPattern, insecureDescription) as SetupRole | undefined
  const ufrag = singleValue(block, 'ice-ufrag', ufragPattern)
  const password = singleValue(block, 'ice-pwd', passwordPattern)
  const own = valuesOf(block, 'ice-options').flatMap((value) => value.split(' '))
  const iceOptions = own.filter((option) => knownIceOptions.has(option))
  return {
    ufrag: ufrag ?? session?.ufrag,
    password: password ?? session?.password,
    fingerprint: print ?? session?.fingerprint,
    setup: setup ?? session?.setup,
    iceOptions: [...new Set([...(session?.iceOptions ?? []), ...iceOptions])],
    candidates: valuesOf(block, 'candidate'),
    endOfCandidates: hasFlag(block, 'end-of-candidates'),
  }
}
