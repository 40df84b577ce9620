import { describe, expect, test } from 'vitest'
import { InternalError } from '../errors/index.ts'
import { privacyLevels } from '../ice/index.ts'
import { webRandom } from '../runtime/platform/index.ts'
import {
  constantOpus,
  fingerprintOf,
  judgeRemoteSDP,
  maxDescriptionLength,
  sanitizeSDP,
  SdpSanitizer,
} from './index.ts'
import { scanForLeaks } from './leak-scan.ts'

const fingerprint = Array.from({ length: 32 }, (_, index) => (index + 160).toString(16).toUpperCase()).join(':')

/** An offer of today's shape, full of what must not leave. */
const offer = [
  'v=0',
  'o=grace-laptop 5653634104727703512 7 IN IP4 192.168.7.31',
  's=Call of Grace Hopper',
  'i=from her MacBook',
  'u=http://192.168.7.31/',
  'e=grace@navy.example',
  'b=AS:2000',
  't=0 0',
  'a=group:BUNDLE 0 1 2',
  'a=group:LS 0 1',
  'a=tool:grace-phone 1.0 eth0',
  'a=msid-semantic: WMS device-046d-0825',
  'm=audio 54400 UDP/TLS/RTP/SAVPF 111 63 13 126',
  'c=IN IP4 192.168.7.31',
  'a=rtcp:54400 IN IP4 192.168.7.31',
  'a=candidate:1 1 udp 2122260223 192.168.7.31 54400 typ host generation 0 network-id 1 network-cost 10',
  'a=candidate:2 1 udp 1686052607 198.51.100.9 54402 typ srflx raddr 192.168.7.31 rport 54400 generation 0 mac 00:1b:44:11:3a:b7',
  'a=candidate:3 1 udp 2122260223 824513ca-d0bd-4eb8-bab4-2140986241f5.local 54401 typ host',
  'a=candidate:4 1 udp 2122260223 2a00:1450:4001:0:217:f2ff:fe0f:e0f6 54403 typ srflx raddr :: rport 0',
  'a=candidate:5 1 udp 41885439 198.51.100.77 60000 typ relay raddr 198.51.100.9 rport 54402 url turn:corp.example',
  'a=candidate:6 1 udp 41885439 fe80::1%eth0 60000 typ host',
  'a=candidate:7 1 udp 2122260223 100.63.255.255 54410 typ host',
  'a=ice-ufrag:nVhi',
  'a=ice-pwd:PVwlQbCjT29fFcB99yOrvwqj',
  'a=ice-options:trickle renomination',
  `a=fingerprint:sha-256 ${fingerprint}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'a=extmap:2 urn:ietf:params:rtp-hdrext:csrc-audio-level',
  'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=sendrecv',
  'a=msid:stream-of-grace usb-046d_0825_A1B2C3',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 minptime=10;useinbandfec=1;x-device=046d',
  'a=rtpmap:63 red/48000/2',
  'a=fmtp:63 111/111',
  'a=rtpmap:13 CN/8000',
  'a=rtpmap:126 telephone-event/8000',
  'a=ssrc:4149887338 cname:grace@grace-laptop',
  'a=ssrc:4149887338 msid:stream-of-grace usb-046d_0825_A1B2C3',
  'a=ssrc:4149887338 label:usb-046d_0825_A1B2C3',
  'm=video 9 UDP/TLS/RTP/SAVPF 96 97 49 50 100',
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:nVhi',
  'a=ice-pwd:PVwlQbCjT29fFcB99yOrvwqj',
  `a=fingerprint:sha-256 ${fingerprint}`,
  'a=setup:actpass',
  'a=mid:1',
  'a=extmap:7 http://www.webrtc.org/experiments/rtp-hdrext/video-timing',
  'a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'a=sendonly',
  'a=msid:stream-of-grace {camera-1}',
  'a=rtcp-mux',
  'a=rtcp-rsize',
  'a=rtpmap:96 VP8/90000',
  'a=rtcp-fb:96 nack pli',
  'a=rtcp-fb:96 x-vendor 10.0.0.1',
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=96',
  'a=rtpmap:49 H265/90000',
  'a=rtpmap:50 rtx/90000',
  'a=fmtp:50 apt=49',
  'a=rtpmap:100 VP9/90000',
  'a=fmtp:100 profile-id=2',
  'a=rid:h send pt=96;max-width=1280',
  'a=rid:l send',
  'a=simulcast:send h;~l',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:nVhi',
  'a=ice-pwd:PVwlQbCjT29fFcB99yOrvwqj',
  `a=fingerprint:sha-256 ${fingerprint}`,
  'a=setup:actpass',
  'a=mid:2',
  'a=sctp-port:5000',
  'a=max-message-size:262144',
]
const text = (lines: readonly string[]) => lines.map((line) => `${line}\r\n`).join('')
const without = (pattern: RegExp) => text(offer.filter((line) => !pattern.test(line)))
const withLine = (after: RegExp, ...lines: readonly string[]) =>
  text(offer.flatMap((line) => (after.test(line) ? [line, ...lines] : [line])))
const open = { level: 'lan', loopbackRelay: false } as const

test('a description is rebuilt, and this is all that is left of it', () => {
  const counter = { bytes: (length: number) => new Uint8Array(length).fill(7) }
  const section = (transport: readonly string[]) => [
    ...transport,
    'a=ice-ufrag:nVhi',
    'a=ice-pwd:PVwlQbCjT29fFcB99yOrvwqj',
    ...(transport[2] === 'a=mid:0' ? ['a=ice-options:trickle'] : []),
    `a=fingerprint:sha-256 ${fingerprint}`,
    'a=setup:actpass',
  ]
  const name = '07'.repeat(16)
  expect(sanitizeSDP(text(offer), 'standard', { random: counter })).toBe(
    text([
      'v=0',
      'o=- 253190604933268355 7 IN IP4 127.0.0.1',
      's=-',
      't=0 0',
      'a=group:BUNDLE 0 1 2',
      'a=msid-semantic: WMS *',
      ...section(['m=audio 9 UDP/TLS/RTP/SAVPF 111', 'c=IN IP4 0.0.0.0', 'a=mid:0']),
      'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
      'a=sendrecv',
      `a=msid:${name} ${name}`,
      'a=rtcp-mux',
      'a=rtpmap:111 opus/48000/2',
      'a=fmtp:111 minptime=10;useinbandfec=1',
      `a=ssrc:4149887338 cname:${name}`,
      'a=candidate:8 1 udp 1694498559 198.51.100.9 54402 typ srflx raddr 0.0.0.0 rport 0',
      'a=candidate:16 1 udp 50331391 198.51.100.77 60000 typ relay raddr 0.0.0.0 rport 0',
      'a=candidate:8 1 udp 1694498559 100.63.255.255 54410 typ srflx raddr 0.0.0.0 rport 0',
      ...section(['m=video 9 UDP/TLS/RTP/SAVPF 96 97', 'c=IN IP4 0.0.0.0', 'a=mid:1']),
      'a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
      'a=sendonly',
      `a=msid:${name} ${name}`,
      'a=rtcp-mux',
      'a=rtcp-rsize',
      'a=rtpmap:96 VP8/90000',
      'a=rtcp-fb:96 nack pli',
      'a=rtpmap:97 rtx/90000',
      'a=fmtp:97 apt=96',
      'a=rid:h send pt=96;max-width=1280',
      'a=rid:l send',
      'a=simulcast:send h;~l',
      ...section(['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'c=IN IP4 0.0.0.0', 'a=mid:2']),
      'a=sctp-port:5000',
      'a=max-message-size:262144',
    ]),
  )
})

const secrets = [
  ...[
    '192.168',
    'grace',
    'hopper',
    'macbook',
    'navy',
    'eth0',
    '046d',
    'a1b2c3',
    'camera',
    '00:1b:44',
    '217:f2ff',
    'fe80',
  ],
  ...[
    'corp.example',
    'audio-level',
    '10.0.0.1',
    'x-vendor',
    'x-device',
    'network-',
    'renomination',
    'h265',
    'red/48000',
    'cn/8000',
    'AS:2000',
  ],
]
test.each(privacyLevels)('nothing of the device is left in the level %s', (level) => {
  const out = sanitizeSDP(text(offer), level).toLowerCase()
  for (const secret of secrets)
    if (level !== 'lan' || secret !== '192.168') expect(out).not.toContain(secret.toLowerCase())
  expect(out.includes('.local')).toBe(level === 'lan')
  expect(out.includes('198.51.100.9 ')).toBe(level !== 'hidden')
  expect(out).toContain('198.51.100.77 60000 typ relay')
})

test('ids are random, but one session keeps its own', () => {
  const ids = (sdp: string) => sdp.match(/^(?:o=- \d+|a=msid:.*|a=ssrc:.*)/gm)
  const sanitizer = new SdpSanitizer(webRandom, open)
  const [first, again] = [sanitizer.sanitize(text(offer)), sanitizer.sanitize(text(offer))]
  expect(ids(again)).toEqual(ids(first))
  expect(ids(sanitizeSDP(text(offer)))).not.toEqual(ids(first))
  // two tracks of one stream stay two tracks of one stream
  const [audio, video] = [...first.matchAll(/^a=msid:(\S+) (\S+)\r$/gm)]
  expect(audio?.[1]).toBe(video?.[1])
  expect(audio?.[2]).not.toBe(video?.[2])
})

describe('a description that does not secure its media is refused, out and in', () => {
  const sha1 = 'a=fingerprint:sha-1 DF:FA:FB:08:3B:3C:54:1D:D7:D4:05:77:A0:72:9B:14:08:6D:0F:4C'
  const other = `a=fingerprint:sha-256 ${fingerprint.replaceAll('A0', '00')}`
  test.each([
    ['SDES keys', withLine(/^a=mid:0/, 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc')],
    ['SDES keys in capitals', withLine(/^a=mid:0/, 'a=CRYPTO:1 AES_CM_128_HMAC_SHA1_80 inline:abc')],
    ['SDES keys after a space', withLine(/^a=mid:0/, 'a= crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc')],
    ['a key line', withLine(/^t=/, 'k=clear:secret')],
    ['MIKEY', withLine(/^a=mid:0/, 'a=key-mgmt:mikey AQAFgM0XflABAAAA')],
    ['RTP without encryption', text(offer).replace('m=audio 54400 UDP/TLS/RTP/SAVPF', 'm=audio 54400 RTP/AVP')],
    ['RTP with feedback only', text(offer).replace('m=audio 54400 UDP/TLS/RTP/SAVPF', 'm=audio 54400 RTP/AVPF')],
    ['no fingerprint', without(/^a=fingerprint/)],
    ['a SHA-1 fingerprint', without(/^a=fingerprint/).replaceAll('a=setup', `${sha1}\r\na=setup`)],
    ['a SHA-1 fingerprint beside', withLine(/^a=mid:0/, sha1)],
    ['a second fingerprint', withLine(/^a=mid:0/, other)],
    ['the same fingerprint twice', withLine(/^a=mid:0/, `a=fingerprint:sha-256 ${fingerprint}`)],
    ['another fingerprint for a section', withLine(/^t=/, other)],
    ['a fingerprint in capitals', withLine(/^a=mid:0/, other.replace('fingerprint', 'FINGERPRINT'))],
    ['a short fingerprint', text(offer).replaceAll(':BF', '')],
    ['two roles', withLine(/^a=mid:0/, 'a=setup:active')],
    ['the same role twice', withLine(/^a=mid:0/, 'a=setup:actpass')],
    ['a role for holding', text(offer).replaceAll('setup:actpass', 'setup:holdconn')],
    ['no role', without(/^a=setup/)],
    ['RTCP on its own port', without(/^a=rtcp-mux/)],
  ])('%s', (_, sdp) => {
    const refusal = expect.objectContaining({ code: 'insecure-description' }) as unknown
    for (const attempt of [() => sanitizeSDP(sdp), () => judgeRemoteSDP(sdp, open), () => fingerprintOf(sdp)])
      expect(attempt).toThrow(refusal)
  })
})

describe('a description that two readers could read differently is refused', () => {
  const line = 'a=candidate:9 1 udp 1 10.0.0.1 5000 typ host'
  test.each([
    ['lone carriage returns', text(offer).replaceAll('\r\n', '\r')],
    ['a carriage return inside a line', text(offer).replace('s=Call', `s=x\r${line}`)],
    ['a zero byte', text(offer).replace('s=Call', 's=\0')],
    ['a folded line', text(offer).replace('s=Call', `s=x\r\n ${line}`)],
    ['a line without a type', text(offer).replace('s=Call', 's=x\r\nlib.js:20:1')],
    ['capital types', text(offer).replace('a=mid:0', 'A=mid:0')],
    ['something before the version', ` ${text(offer)}`],
    ['two origins', withLine(/^t=/, 'o=- 1 1 IN IP4 0.0.0.0')],
    ['no origin', without(/^o=/)],
    ['one mid twice', text(offer).replace('a=mid:1', 'a=mid:0')],
    ['two mids', withLine(/^a=mid:0/, 'a=mid:9')],
    ['a mid with room for a MAC address', text(offer).replace('a=mid:0', 'a=mid:00-1b-44-11-3a-b7')],
    ['one mid in two bundles', withLine(/^t=/, 'a=group:BUNDLE 1 2')],
    ['two ufrags', withLine(/^a=mid:0/, 'a=ice-ufrag:other')],
    ['a strange ufrag', text(offer).replaceAll('nVhi', 'nV hi')],
    ['no password', without(/^a=ice-pwd/)],
    ['an image', withLine(/^a=max/, 'm=image 9 UDP/TLS/RTP/SAVPF 0')],
    ['a payload type out of range', text(offer).replace('SAVPF 111', 'SAVPF 128')],
    ['nothing', ''],
  ])('%s', (_, sdp) => {
    expect(() => sanitizeSDP(sdp)).toThrow(expect.objectContaining({ code: 'bad-description' }))
    expect(() => judgeRemoteSDP(sdp, open)).toThrow(expect.objectContaining({ code: 'bad-description' }))
  })

  test.each([
    ['a description', text(offer) + 'a=x\r\n'.repeat(maxDescriptionLength)],
    ['a line', withLine(/^s=/, `a=x:${'y'.repeat(3_000)}`)],
    ['a line of a megabyte', `v=0\r\na=candidate:${'1 '.repeat(500_000)}`],
    ['a list of sections', text([...offer, ...Array<string>(65).fill('m=audio 0 UDP/TLS/RTP/SAVPF 0')])],
  ])('%s that is too long', (_, sdp) => {
    expect(() => sanitizeSDP(sdp)).toThrow(expect.objectContaining({ code: 'too-long' }))
  })
})

test('what a name can hide is neutral: unknown lines, other alphabets, empty lines, bare line feeds', () => {
  const disguised = withLine(
    /^a=mid:0/,
    'a=unknown:10.0.0.1',
    'a=Café:10.0.0.1',
    'a=candidate:1 1 udp 1 ｆe80::1 5000 typ host',
    '',
    'a=ssrc:1 cname:10.0.0.1',
    'a=ssrc:10.0.0.1 cname:x',
  ).replaceAll('\r\n', '\n')
  expect(sanitizeSDP(disguised)).not.toMatch(/10\.0\.0\.1|fe80|Caf|ｆ/)
})

test('a rejected section names no format, since it says nothing of one: what comes out passes unchanged', () => {
  const rejected = text(offer).replace('m=audio 54400 ', 'm=audio 0 ')
  const policy = { level: 'standard', loopbackRelay: false } as const
  const sanitizer = new SdpSanitizer(webRandom, policy)
  const once = sanitizer.sanitize(rejected)
  expect(once).toContain('m=audio 0 UDP/TLS/RTP/SAVPF 0\r\n')
  expect(sanitizer.sanitize(once)).toBe(once)
  const judged = judgeRemoteSDP(rejected, policy)
  expect(judgeRemoteSDP(judged, policy)).toBe(judged)
})

test('a section without a codec of ours is rejected in its place', () => {
  const out = sanitizeSDP(text(offer).replace('VP8/90000', 'H265/90000'))
  expect(out).toContain('m=video 0 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=inactive\r\nm=application 9')
  expect(out).toContain('a=group:BUNDLE 0 2\r\n')
})

test('D10: of many candidates, 32 pass, however many sections and ufrags bring them', () => {
  const many = Array.from({ length: 500 }, (_, index) => `a=candidate:1 1 udp 1 8.8.8.8 ${2_000 + index} typ srflx`)
  const sdp = withLine(/^a=mid:2/, ...many)
  const count = (out: string) => out.match(/^a=candidate/gm)?.length
  // the first seven are those of the audio section
  expect(count(judgeRemoteSDP(sdp, open))).toBe(5 + 25)
  const ownUfrag = sdp.replace(/(m=application[\s\S]*?a=ice-ufrag:)\S+/, '$1another')
  expect(ownUfrag).not.toBe(sdp)
  expect(count(judgeRemoteSDP(ownUfrag, open))).toBe(5 + 25)
})

test('a stranger gets no candidate in that we would not add, and no profile of old', () => {
  const sdp = withLine(
    /^a=mid:2/,
    'a=candidate:1 1 udp 1 127.0.0.1 5000 typ host',
    'a=candidate:1 1 udp 1 8.8.8.8 53 typ srflx',
    'a=candidate:1 1 udp 1 224.0.0.1 5000 typ srflx',
    'a=candidate:1 1 udp 1 evil.example 5000 typ srflx',
  )
  const came = judgeRemoteSDP(sdp, { level: 'standard', loopbackRelay: false })
  expect(came).not.toMatch(/127\.0\.0\.1 5000|8\.8\.8\.8|224\.|evil|192\.168|\.local/)
  expect(came).toContain('198.51.100.9 54402 typ srflx')
  const old = text(offer).replaceAll('UDP/TLS/RTP/SAVPF', 'RTP/SAVPF')
  expect(sanitizeSDP(old)).toContain('UDP/TLS/RTP/SAVPF')
  expect(() => judgeRemoteSDP(old, open)).toThrow(expect.objectContaining({ code: 'insecure-description' }))
})

test('the fingerprint is found wherever it stands', () => {
  const session = without(/^a=fingerprint/).replace(
    't=0 0',
    `t=0 0\r\na=fingerprint:SHA-256 ${fingerprint.toLowerCase()}`,
  )
  const expected = Uint8Array.from({ length: 32 }, (_, index) => index + 160)
  expect(fingerprintOf(text(offer))).toEqual(expected)
  expect(fingerprintOf(session)).toEqual(expected)
})

test('Opus becomes constant in the description that the encoder obeys', () => {
  const fmtp = 'a=fmtp:111 cbr=1;usedtx=0;useinbandfec=0;stereo=0;sprop-stereo=0;maxaveragebitrate=32000'
  const judged = judgeRemoteSDP(text(offer), { ...open, constantAudio: true })
  expect(judged.match(/^a=fmtp:111.*(?=\r)/gm)).toEqual([fmtp])
  expect(judged.match(/^a=(?:max)?ptime:.*(?=\r)/gm)).toEqual(['a=ptime:20', 'a=maxptime:20'])
  expect(constantOpus(judged)).toBe(judged)
  // it survives another pass
  expect(judgeRemoteSDP(judged, { ...open, constantAudio: true })).toBe(judged)
  const video = without(/^a=rtpmap:111/)
  expect(constantOpus(video)).toBe(video)
})

describe('the last look at what leaves', () => {
  test.each([
    'a=x:10.0.0.1',
    'a=x:8.8.8.8',
    'a=x:2a00:1450::1',
    'a=x:00-1b-44-11-3a-b7',
    'a=x:grace.local',
    'c=IN IP4 192.168.1.1',
    'o=- 1 1 IN IP4 192.168.1.1',
    'a=candidate:1 1 udp 1 8.8.8.8 5000 typ host',
    'a=candidate:1 1 udp 1 8.8.8.8 5000 typ srflx raddr 10.0.0.1 rport 5',
    'a=candidate:1 1 udp 1 10.0.0.1 5000 typ srflx raddr 0.0.0.0 rport 0',
    'a=candidate:1 1 udp 1 100.64.0.1 5000 typ srflx raddr 0.0.0.0 rport 0',
    'a=candidate:1 1 udp 1 fd00::1 5000 typ srflx raddr :: rport 0',
    'a=candidate:1 1 udp 1 fe80::1 5000 typ relay raddr :: rport 0',
    'a=candidate:1 1 udp 1 127.0.0.1 5000 typ relay raddr 0.0.0.0 rport 0',
    'a=candidate:1 1 udp 1 2a00:1450:4001:0:217:f2ff:fe0f:e0f6 5000 typ srflx raddr :: rport 0',
    'a=candidate:1 1 udp 1 8.8.8.8 5000 typ relay mac 00:1b:44:11:3a:b7',
  ])('%s goes nowhere', (line) => {
    expect(() => scanForLeaks(`v=0\r\n${line}\r\n`, 'standard', false)).toThrow(InternalError)
  })

  test.each([
    'a=candidate:1 1 udp 1 100.63.255.255 5000 typ srflx raddr 0.0.0.0 rport 0',
    'a=candidate:1 1 udp 1 100.128.0.1 5000 typ srflx raddr 0.0.0.0 rport 0',
    'a=candidate:1 1 udp 1 223.255.0.1 5000 typ srflx raddr 0.0.0.0 rport 0',
    'a=candidate:1 1 udp 1 2001:db8:12:34:56:78:9a:bc 5000 typ srflx raddr :: rport 0',
    'a=candidate:1 1 udp 1 2a00:12ff:fe34:5678::1 5000 typ relay raddr :: rport 0',
  ])('%s may go', (line) => {
    expect(() => scanForLeaks(`v=0\r\n${line}\r\n`, 'standard', false)).not.toThrow()
  })
})
