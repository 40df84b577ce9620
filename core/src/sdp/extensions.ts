/**
 * RTP header extensions travel outside the encryption. These serve transport and layers. Missing on purpose: audio levels
 * (RFC 6464, RFC 6465: who speaks), capture times (the device's clock), content type and timing of video (screen or
 * camera, and how fast the machine encodes).
 */
const allowed = new Set([
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:toffset',
  'urn:3gpp:video-orientation',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
])

export function isAllowedExtension(uri: string): boolean {
  return allowed.has(uri)
}
