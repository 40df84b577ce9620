const fingerprint = Array.from({ length: 32 }, (_, index) => (index + 160).toString(16).toUpperCase()).join(':')

const session = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0']
const section = [
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'c=IN IP4 0.0.0.0',
  'a=mid:0',
  'a=ice-ufrag:nVhi',
  'a=ice-pwd:PVwlQbCjT29fFcB99yOrvwqj',
  `a=fingerprint:sha-256 ${fingerprint}`,
  'a=setup:actpass',
  'a=sendrecv',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
]
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join('')

/** The smallest offer that is a secured WebRTC session. */
export const plainOffer = text([...session, ...section])

/** The same with more lines in the session. */
export const withSession = (...lines: readonly string[]): string => text([...session, ...lines, ...section])

/** The same with more lines in its one section. */
export const withSection = (...lines: readonly string[]): string => text([...session, ...section, ...lines])
