import { describe, expect, it } from 'vitest'
import { toHex } from '../bytes/index.ts'
import { CodecError } from '../errors/index.ts'
import { fingerprintOf } from './index.ts'

const print = (byte: string): string => Array<string>(32).fill(byte).join(':')
const session = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0']
const ice = ['a=ice-ufrag:abcd', 'a=ice-pwd:abcdefghijklmnopqrstuvwx']
const audio = [
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  ...ice,
  'a=setup:actpass',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
]
const data = [
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=mid:1',
  ...ice,
  'a=setup:actpass',
  'a=sctp-port:5000',
]
const fingerprint = `a=fingerprint:sha-256 ${print('AB')}`
const sdp = (...lines: readonly string[]): string => lines.join('\r\n') + '\r\n'

describe('fingerprintOf', () => {
  it('finds the one fingerprint, at session or media level', () => {
    expect(toHex(fingerprintOf(sdp(...session, fingerprint, ...audio, ...data)))).toBe('ab'.repeat(32))
    const repeated = sdp(...session, ...audio, fingerprint, ...data, fingerprint)
    expect(toHex(fingerprintOf(repeated))).toBe('ab'.repeat(32))
  })

  it.each([
    ['D6 no fingerprint', sdp(...session, ...audio)],
    ['D6 two fingerprints', sdp(...session, fingerprint, ...audio, `a=fingerprint:sha-256 ${print('CD')}`)],
    ['D6 sha-1', sdp(...session, `a=fingerprint:sha-1 ${print('AB')}`, ...audio)],
    ['D6 sha-1 beside sha-256', sdp(...session, fingerprint, 'a=fingerprint:sha-1 AB:CD', ...audio)],
    ['D6 upper-case attribute with another hash', sdp(...session, fingerprint, 'A=FINGERPRINT:sha-1 AB', ...audio)],
    ['D6 too short a fingerprint', sdp(...session, 'a=fingerprint:sha-256 AB:CD', ...audio)],
    ['D6 SDES', sdp(...session, fingerprint, ...audio, 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc')],
    ['D6 k=', sdp(...session, 'k=clear:secret', fingerprint, ...audio)],
    ['D6 RTP without DTLS', sdp(...session, fingerprint, 'm=audio 9 RTP/AVP 0', 'a=rtcp-mux')],
    ['D6 no rtcp-mux', sdp(...session, fingerprint, ...audio.filter((line) => line !== 'a=rtcp-mux'))],
    ['D6 setup twice', sdp(...session, fingerprint, ...audio, 'a=setup:passive')],
    ['nothing', ''],
  ])('refuses %s', (_case, description) => {
    expect(() => fingerprintOf(description)).toThrow(CodecError)
  })
})
