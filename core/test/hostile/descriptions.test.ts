import { describe, expect, it } from 'vitest'
import { CodecError } from '../../src/errors/index.ts'
import {
  classifyAddress,
  judgeRemoteCandidate,
  maxCandidates,
  parseIceCandidate,
  sanitizeIceCandidate,
} from '../../src/ice/index.ts'
import { parseRoomLink } from '../../src/link/index.ts'
import { admit } from '../../src/peer/negotiation.ts'
import { selectedPair } from '../../src/peer/path-facts.ts'
import { judgeRemoteSDP, maxDescriptionLength, sanitizeSDP } from '../../src/sdp/index.ts'
import { candidates, read, samples } from '../sdp/corpus.ts'
import { plainOffer, withSession, withSection } from './plain-offer.ts'

const standard = { level: 'standard', loopbackRelay: false } as const
const neverOut = new Set(['rfc1918', 'cgnat', 'link-local', 'ula', 'eui64', 'mdns', 'special'])
/** Everything that was found in a description and must not be in what leaves. */
const tokensOf = (file: string, classes: ReadonlySet<string>) =>
  samples.find((sample) => sample.file === file)?.addresses.filter(({ cls }) => classes.has(cls)) ?? []

function outcome(run: () => string): string | CodecError {
  try {
    return run()
  } catch (error) {
    if (error instanceof CodecError) return error
    throw error
  }
}

function codeOf(run: () => string): string | undefined {
  const result = outcome(run)
  return typeof result === 'string' ? undefined : result.code
}

describe('what leaves', () => {
  it('D1: of all samples and all lines, no address of one network, one interface or one machine leaves', () => {
    let sanitised = 0
    for (const { file } of samples) {
      const out = outcome(() => sanitizeSDP(read(file)))
      if (typeof out !== 'string') continue
      sanitised++
      for (const { token } of tokensOf(file, neverOut))
        expect(out.toLowerCase(), file).not.toContain(token.toLowerCase())
    }
    expect(sanitised).toBeGreaterThan(60)
    let left = 0
    for (const { line } of candidates) {
      const out = outcome(() => sanitizeIceCandidate(line) ?? '')
      if (typeof out !== 'string' || out === '') continue
      left++
      const { target } = parseIceCandidate(out)
      expect(target.kind === 'address' ? classifyAddress(target.ip.text) : 'a name', line).toMatch(
        /^(?:public|documentation)$/,
      )
    }
    expect(left).toBeGreaterThan(20)
  })

  it('D2: where addresses are hidden, only relays leave, and they say nothing of whom they serve', () => {
    let relays = 0
    const texts = samples.map(({ file }) => outcome(() => sanitizeSDP(read(file), 'hidden')))
    const lines = texts.flatMap((out) => (typeof out === 'string' ? out.split('\r\n') : []))
    const direct = candidates.map(({ line }) => outcome(() => `a=${sanitizeIceCandidate(line, 'hidden') ?? ''}`))
    for (const line of [...lines, ...direct]) {
      if (typeof line !== 'string' || !line.startsWith('a=candidate:')) continue
      relays++
      expect(line).toMatch(/ typ relay(?: |$)/)
      expect(line).not.toMatch(/ raddr (?!0\.0\.0\.0 rport 0(?: |$)|:: rport 0(?: |$))/)
    }
    expect(relays).toBeGreaterThanOrEqual(10)
  })

  it.each(['100.63.255.255', '100.128.0.1', '9.255.255.255', '172.32.0.1', '192.167.255.255', '192.169.0.0'])(
    'D13: %s, a public address beside a private range, is kept',
    (address) => {
      const line = `candidate:1 1 udp 1 ${address} 5000 typ srflx`
      expect(sanitizeIceCandidate(line)).toContain(` ${address} 5000 typ srflx`)
      expect(judgeRemoteCandidate(line, standard)).toContain(` ${address} 5000 typ srflx`)
      expect(sanitizeSDP(withSection(`a=${line}`))).toContain(` ${address} 5000 typ srflx`)
    },
  )

  it('D14: names of the device, its owner, its interfaces and its devices are removed wherever they can stand', () => {
    const secrets = ['grace', '00-1b-44-11-3a-b7', 'wlan0', '046d', 'navy.example', 'usb-']
    const out = sanitizeSDP(
      withSection(
        'a=candidate:1 1 udp 1 192.0.2.9 5000 typ srflx raddr 0.0.0.0 rport 0 mac 00-1b-44-11-3a-b7 interface wlan0 network-name grace',
        'a=ssrc:7 cname:grace@navy.example',
        'a=msid:grace-stream usb-046d_0825',
        'a=ssrc:7 label:usb-046d_0825',
        'a=x-device:usb-046d_0825',
        'i=grace at the desk',
      )
        .replace(/^o=.*$/m, 'o=grace-laptop 1 1 IN IP4 navy.example')
        .replace(/^s=.*$/m, 's=Call of grace'),
    )
    for (const secret of secrets) expect(out.toLowerCase()).not.toContain(secret)
    expect(out).toContain(' 192.0.2.9 5000 typ srflx')
  })

  it('D15: no error holds a piece of what it is about', async () => {
    const pieces = ['10.11.12.13', 'fe80::abcd', 'grace-laptop.local', '00:1b:44:11:3a:b7']
    const errors = await Promise.all(
      pieces.flatMap((piece) =>
        [
          () => sanitizeSDP(piece),
          () => sanitizeSDP(withSession(`k=clear:${piece}`)),
          () => sanitizeSDP(withSection(`a=crypto:1 ${piece}`)),
          () => judgeRemoteSDP(withSession(`\0${piece}`), standard),
          () => parseIceCandidate(`candidate:1 1 udp ${piece} 5000 typ host`),
          () => sanitizeIceCandidate(`candidate:1 1 udp 1 ${piece} 5000 typ nothing`),
          () => parseRoomLink(`https://${piece}/#/r/${piece}`),
        ].map(async (run) => {
          const error: unknown = await (async (): Promise<unknown> => run())().then(
            () => undefined,
            (reason: unknown) => reason,
          )
          expect(error).toBeInstanceOf(CodecError)
          return { piece, error: error as CodecError }
        }),
      ),
    )
    for (const { piece, error } of errors) {
      expect(`${error.message} ${error.code} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(piece)
    }
  })

  it('D15: what is kept of the statistics of a connection is two words', () => {
    const entries = [
      { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
      { id: 'P', type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'R' },
      { id: 'L', type: 'local-candidate', candidateType: 'host', address: '10.11.12.13', relatedAddress: 'fe80::1' },
      { id: 'R', type: 'remote-candidate', candidateType: 'relay', address: '192.0.2.7', url: 'turn:grace@192.0.2.7' },
    ]
    const report = new Map(entries.map((entry) => [entry.id, entry])) as unknown as RTCStatsReport
    expect(selectedPair(report)).toEqual({ local: 'host', remote: 'relay' })
  })
})

describe('what comes in', () => {
  it('D4: no malformed file passes, in either direction, and each is refused by a typed error', () => {
    const malformed = samples.filter(({ file }) => file.startsWith('malformed/'))
    expect(malformed.length).toBeGreaterThanOrEqual(90)
    for (const { file } of malformed) {
      expect(
        outcome(() => sanitizeSDP(read(file))),
        file,
      ).toBeInstanceOf(CodecError)
      expect(
        outcome(() => judgeRemoteSDP(read(file), standard)),
        file,
      ).toBeInstanceOf(CodecError)
    }
  })

  it('D4: what makes a careless pattern slow is refused or read in passing', () => {
    // Each of these doubles the time of a backtracking pattern with every character; the test would not end.
    const long = 1_900
    const hostile = [
      `a=fmtp:111 ${'a='.repeat(long / 2)}!`,
      `a=rtpmap:111 ${'/'.repeat(long)}`,
      `a=candidate:${'1 '.repeat(long / 2)}`,
      `a=candidate:1 1 udp 1 ${'a-'.repeat(100)}. 9 typ host`,
      `a=extmap:1 ${'a:'.repeat(long / 2)}`,
      `a=simulcast:send ${'a,;~'.repeat(long / 4)} `,
      `a=rid:h send ${'pt=1,'.repeat(long / 5)};`,
      `a=ssrc-group:FID${' 1'.repeat(long / 2)}x`,
      `a=fingerprint:sha-256 ${'AA:'.repeat(long / 3)}`,
      `a=msid:${' '.repeat(long)}`,
      `a=ice-options:${'trickle '.repeat(long / 8)}`,
    ]
    for (const line of hostile) {
      const description = withSection(...Array.from({ length: 12 }, () => line))
      for (const run of [() => sanitizeSDP(description), () => judgeRemoteSDP(description, standard)]) outcome(run)
    }
    expect(codeOf(() => sanitizeSDP(withSection(`a=x:${'a'.repeat(70_000)}`)))).toBe('too-long')
    expect(codeOf(() => judgeRemoteSDP('v=0\r\n'.repeat(200_000), standard))).toBe('too-long')
  })

  it.each([
    ['CR alone between lines', plainOffer.replaceAll('\r\n', '\r')],
    ['a CR inside a line', withSection('a=mid-x:1\ra=sendrecv')],
    ['a NUL', withSection('a=x:\0')],
    ['a folded line', withSection('a=x:1', ' a=crypto:1 none')],
    ['a line without a type', withSection('candidate:1 1 udp 1 10.0.0.1 9 typ host')],
    ['a type in capitals', withSection('A=crypto:1 none')],
    ['an attribute in capitals', withSection('a=CANDIDATE:1 1 udp 1 10.0.0.1 9 typ host')],
    ['a tab for a space after the type', withSection('a\t=x')],
  ])('D5: %s is refused, out and in', (_, description) => {
    expect(outcome(() => sanitizeSDP(description))).toBeInstanceOf(CodecError)
    expect(outcome(() => judgeRemoteSDP(description, standard))).toBeInstanceOf(CodecError)
  })

  it.each([
    ['line feeds alone', plainOffer.replaceAll('\r\n', '\n')],
    ['a name in another alphabet', withSection('a=candidate:1 1 udp 1 bücher.example 9 typ host')],
    ['digits of another alphabet', withSection('a=candidate:1 1 udp 1 １０.0.0.1 9 typ host')],
    ['an unknown attribute that looks like a line break', withSection('a=x:\u2028a=crypto:1 none\u0085')],
  ])('D5: %s comes out as allowed lines ended by CRLF', (_, description) => {
    for (const out of [sanitizeSDP(description), judgeRemoteSDP(description, standard)]) {
      expect(out).toMatch(/^(?:[a-z]=[\x20-\x7e]*\r\n)+$/)
      expect(out).not.toMatch(/crypto|10\.0\.0\.1|candidate/)
    }
  })

  it('D9: an offer or answer of an earlier number is never applied', () => {
    for (const answered of [true, false]) {
      for (const signalingState of ['stable', 'have-local-offer'] as const) {
        const view = { makingOffer: false, signalingState, localOffer: 5, remoteOffer: 7, answered }
        for (const politeness of ['polite', 'impolite'] as const) {
          for (const number of [0, 1, 6, 7])
            expect(admit(view, politeness, { type: 'offer', number })).not.toBe('apply')
          for (const number of [0, 4, 6]) expect(admit(view, politeness, { type: 'answer', number })).not.toBe('apply')
        }
      }
    }
  })

  it('D10: 500 candidates are capped, 300 sections and a line of 70 kB are refused', () => {
    const many = Array.from(
      { length: 500 },
      (_, index) => `a=candidate:${index} 1 udp 1 192.0.2.9 ${5_000 + index} typ srflx`,
    )
    const crowd = withSection(...many)
    expect(crowd.length).toBeLessThan(maxDescriptionLength)
    for (const out of [sanitizeSDP(crowd), judgeRemoteSDP(crowd, standard)]) {
      expect(out.match(/^a=candidate:/gm)?.length).toBe(maxCandidates)
    }
    const sections = `${plainOffer}${'m=audio 0 UDP/TLS/RTP/SAVPF 0\r\n'.repeat(300)}`
    expect(codeOf(() => sanitizeSDP(sections))).toBe('too-long')
    expect(codeOf(() => judgeRemoteSDP(withSection(`a=x:${'a'.repeat(70_000)}`), standard))).toBe('too-long')
  })
})
