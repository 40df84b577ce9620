import type { Description, MediaSection } from './description.ts'
import { badDescription, cutDescription, insecureDescription, type Block } from './lines.ts'
import { hasFlag, valuesOf } from './read-attributes.ts'
import { directionOf, readMedia } from './read-media.ts'
import { readTransport, refuseOtherKeys } from './read-transport.ts'

/** RFC 8866 section 5.2. User and host are whatever the sender's machine is called: they are not even looked at. */
const originPattern = /^\S+ (?<sessionId>\S{1,64}) (?<version>\d{1,20}) IN IP[46] \S+$/

/**
 * Reads a description into what may pass of it, and refuses it where that would not be a secured WebRTC session (RFC 8827
 * section 6.5): media without DTLS or with other keys, no fingerprint or two, another hash than SHA-256, roles given
 * twice, RTCP on a port of its own.
 *
 * @param legacy whether profiles may have the names they had before 2016.
 * @throws {CodecError} `too-long`, `bad-description`, `insecure-description`
 */
export function readDescription(sdp: string, legacy: boolean): Description {
  const [session, ...blocks] = cutDescription(sdp)
  refuseOtherKeys(session)
  const defaults = { transport: readTransport(session), direction: directionOf(session), legacy }
  const media = blocks.map((block) => readMedia(block, defaults))
  const bundles = readBundles(session, media)
  requireOneCertificate(media, bundles)
  return {
    origin: readOrigin(session),
    bundles,
    extmapAllowMixed: hasFlag(session, 'extmap-allow-mixed'),
    media,
  }
}

function readOrigin({ fields }: Block): Description['origin'] {
  const [origin, ...others] = fields.filter(([type]) => type === 'o')
  const found = originPattern.exec(origin?.[1] ?? '')?.groups
  if (found === undefined || others.length > 0) throw badDescription()
  const { sessionId = '', version = '' } = found
  return { sessionId: /^\d{1,20}$/.test(sessionId) ? sessionId : '0', version }
}

/** The groups without sections that do not exist or are rejected (RFC 9143 section 7.3.3). */
function readBundles(session: Block, media: readonly MediaSection[]): Description['bundles'] {
  const mids = media.flatMap(({ mid }) => (mid === undefined ? [] : [mid]))
  if (new Set(mids).size !== mids.length) throw badDescription()
  const open = new Set(media.flatMap(({ mid, state }) => (mid === undefined || state === 'rejected' ? [] : [mid])))
  const groups = valuesOf(session, 'group').flatMap((value) => {
    const [semantics, ...members] = value.split(' ')
    return semantics === 'BUNDLE' ? [members.filter((mid) => open.has(mid))] : []
  })
  const all = groups.flat()
  if (new Set(all).size !== all.length) throw badDescription()
  return groups.filter((members) => members.length > 0)
}

/** Every transport in use has ICE credentials, a role and a fingerprint, and all fingerprints are one. */
function requireOneCertificate(media: readonly MediaSection[], bundles: Description['bundles']): void {
  const followers = new Set(bundles.flatMap(([, ...rest]) => rest))
  const fingerprints = new Set<string>()
  let used = 0
  for (const { mid, state, transport } of media) {
    const { fingerprint, setup, ufrag, password } = transport
    if (fingerprint !== undefined) fingerprints.add(fingerprint)
    if (state !== 'rejected' && fingerprint !== undefined) used += 1
    if (state === 'rejected' || (mid !== undefined && followers.has(mid))) continue
    if (fingerprint === undefined || setup === undefined) throw insecureDescription()
    if (ufrag === undefined || password === undefined) throw badDescription()
  }
  if (used === 0 || fingerprints.size !== 1) throw insecureDescription()
}
