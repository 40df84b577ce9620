import { toBase64url } from '../../../src/bytes/index.ts'
import { sha256 } from '../../../src/crypto/index.ts'
import { UsageError } from '../../../src/errors/index.ts'
import {
  formatIceCandidate,
  judgeRemoteCandidate,
  parseIceCandidate,
  parseIpAddress,
  privacyLevels,
  sanitizeIceCandidate,
} from '../../../src/ice/index.ts'
import { encodeRoomLink, parseRoomLink, standardPolicy, type RoomLink } from '../../../src/link/index.ts'
import { webRandom } from '../../../src/runtime/platform/index.ts'
import { fingerprintOf, judgeRemoteSDP, SdpSanitizer } from '../../../src/sdp/index.ts'
import { parseBootstrap } from '../../../src/signalling/carriers/dht-native/bootstrap.ts'
import { candidates, read, samples } from '../../sdp/corpus.ts'
import { bytesOf, target, textOf } from '../target.ts'

const bytes = (length: number, value = 7) => new Uint8Array(length).fill(value)

const plain: RoomLink = {
  roomId: bytes(16),
  secret: bytes(32, 8),
  hostFingerprint: bytes(16, 9),
  policy: standardPolicy,
  history: undefined,
}
const links: readonly RoomLink[] = [
  plain,
  { ...plain, policy: { privacy: 'hidden', constantRate: true, keepChat: true } },
  { ...plain, history: { epoch: 3, anchor: bytes(32), token: undefined } },
  { ...plain, history: { epoch: 3, anchor: bytes(32), token: bytes(16) } },
]

/** The text as somebody pastes it. White space and what stands before the code may differ. */
export const linkText = target({
  name: 'link-text',
  seeds: async () => {
    const codes = await Promise.all(links.map(encodeRoomLink))
    return codes.flatMap((code) => [bytesOf(code), bytesOf(` <https://example.org/#/r/${code}>\n`)])
  },
  words: ['#/r/', ' ', '"', '“', '%2F', '='],
  decode: (input) => parseRoomLink(textOf(input)),
  encode: async (link) => bytesOf(await encodeRoomLink(link)),
  form: 'clean',
})

/** The bytes below, with a right checksum, which chance would not find. */
export const linkBody = target({
  name: 'link-body',
  seeds: async () =>
    (await Promise.all(links.map(encodeRoomLink))).map((code) => Buffer.from(code, 'base64url').subarray(0, -4)),
  decode: async (body) => {
    const sum = (await sha256(Buffer.concat([bytesOf('p2pigeon/v1/link'), body]))).slice(0, 4)
    return parseRoomLink(toBase64url(new Uint8Array(Buffer.concat([body, sum]))))
  },
  encode: async (link) => Buffer.from(await encodeRoomLink(link), 'base64url').subarray(0, -4),
})

const sdpWords = [
  '\r\n',
  'a=candidate:1 1 udp 1 192.0.2.9 5000 typ srflx raddr 10.0.0.1 rport 9',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n',
  'a=rtcp-mux\r\n',
  'a=inactive\r\n',
  'a=group:BUNDLE 0 1\r\n',
  'a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\r\n',
  'a=ssrc-group:FID 1 2\r\n',
  'a=simulcast:send a;b\r\n',
  'a=crypto:1 ',
  'c=IN IP6 ::1\r\n',
]

/** Small ones and a few large ones: mutations of 200 files would each get too little time. */
function descriptions(): readonly Uint8Array[] {
  return samples
    .map(({ file }) => bytesOf(read(file)))
    .filter(({ length }, index) => length < 2_500 || index % 12 === 0)
}

/** A level of privacy comes from the length, so that all are tried. */
const levelOf = (input: Uint8Array) => privacyLevels[input.length % privacyLevels.length] ?? 'standard'
const policyOf = (input: Uint8Array) => ({ level: levelOf(input), loopbackRelay: input.length % 2 === 0 })

const sanitised = {
  seeds: descriptions,
  words: sdpWords,
  maxLength: 16_384,
}

export const outgoingDescription = target({
  ...sanitised,
  name: 'sdp-outgoing',
  decode: (input) => {
    const sanitizer = new SdpSanitizer(webRandom, policyOf(input))
    const out = sanitizer.sanitize(textOf(input))
    if (sanitizer.sanitize(out) !== out) throw new Error('what came out does not pass unchanged')
    return out
  },
})

export const incomingDescription = target({
  ...sanitised,
  name: 'sdp-incoming',
  decode: (input) => {
    const policy = policyOf(input)
    const judged = judgeRemoteSDP(textOf(input), policy)
    if (judgeRemoteSDP(judged, policy) !== judged) throw new Error('what came out does not pass unchanged')
    return [judged, judgeRemoteSDP(judged, { ...policy, constantAudio: true })]
  },
})

const candidateSeeds = () => candidates.filter((_, index) => index % 3 === 0).map(({ line }) => bytesOf(line))
const candidateWords = [
  ' typ host',
  ' raddr 0.0.0.0 rport 0',
  ' tcptype active',
  ' ufrag abcd',
  '.local',
  '::ffff:',
  '%eth0',
]

export const candidate = target({
  name: 'candidate',
  seeds: candidateSeeds,
  words: candidateWords,
  maxLength: 600,
  decode: (input) => parseIceCandidate(textOf(input)),
  encode: (parsed) => bytesOf(formatIceCandidate(parsed)),
  form: 'clean',
})

export const candidatePolicy = target({
  name: 'candidate-policy',
  seeds: candidateSeeds,
  words: candidateWords,
  maxLength: 600,
  decode: (input) => {
    const policy = policyOf(input)
    const [line, out] = [textOf(input), sanitizeIceCandidate(textOf(input), policy.level)]
    if (out !== null && sanitizeIceCandidate(out, policy.level) !== out)
      throw new Error('what left does not leave again')
    return [out, judgeRemoteCandidate(line, policy)]
  },
})

export const ipAddress = target({
  name: 'ip-address',
  seeds: () => ['192.0.2.1', '2001:db8::1', '::ffff:10.0.0.1', '::', '1:2:3:4:5:6:7:8'].map(bytesOf),
  words: ['::', ':', '.', '0', 'ffff', '%'],
  maxLength: 100,
  decode: (input) => parseIpAddress(textOf(input)),
  refuses: [],
})

export const bootstrap = target({
  name: 'bootstrap',
  seeds: () => ['node.example.org:49737', '192.0.2.1@node.example.org:49737'].map(bytesOf),
  maxLength: 200,
  decode: (input) => parseBootstrap(textOf(input)),
  refuses: [UsageError],
})

export const fingerprint = target({
  ...sanitised,
  name: 'sdp-fingerprint',
  decode: (input) => fingerprintOf(textOf(input)),
})
