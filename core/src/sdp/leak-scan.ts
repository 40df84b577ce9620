import { InternalError } from '../errors/index.ts'
import type { PrivacyLevel } from '../ice/index.ts'

/*
 * A second pair of eyes on what is about to leave. It shares nothing with the parser and the address classes on purpose:
 * plain patterns over the finished text, so that one mistake is not made twice.
 */

/** Lines that look like addresses to a pattern and are none, or hold a fixed one. */
const harmless =
  /^(?:c=IN IP4 0\.0\.0\.0|o=- \d{1,20} \d{1,20} IN IP4 127\.0\.0\.1|a=fingerprint:sha-256 [0-9A-F:]{95}|a=extmap:\d{1,3}(?:\/[a-z]+)? (?:urn:[a-z0-9:-]+|https?:\/\/[a-z][A-Za-z0-9./#_-]+))$/
const candidateLine = 'a=candidate:'
/** `raddr` that says nothing. */
const blankRelated = / raddr (?:0\.0\.0\.0|::) rport 0(?= |$)/
const relay = / typ relay(?: |$)/

const dottedQuad = /\d+\.\d+\.\d+\.\d+/
const colonHex = /[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*/i
const macAddress = /(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}/i
const localName = /\.(?:local|lan|home|internal|localdomain|corp)\b/i
const mdnsTarget = / [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.local /

const ofOneNetwork =
  /(?<![\d.])(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)|(?<![0-9a-f:])f[cd][0-9a-f]{2}:/i
const ofNoNetwork =
  /(?<![\d.])(?:169\.254\.|0\.|22[4-9]\.|23\d\.|24\d\.|25\d\.|198\.1[89]\.|192\.0\.0\.)|(?<![0-9a-f:])(?:fe[89a-f][0-9a-f]:|ff[0-9a-f]{2}:|::)/i
/** A MAC address in the interface identifier, the last four groups. */
const hardwareInterface = /ff:fe[0-9a-f]{2}:[0-9a-f]{1,4}(?![0-9a-f:])/i
const loopback = /(?<![\d.])127\.|(?<![0-9a-f:])::1(?![0-9a-f:])/i

/**
 * Refuses to let a sanitised description go if anything in it still looks like an address that must not.
 * @throws {InternalError} `description-leaks`: the sanitiser is wrong; nothing may be sent.
 */
export function scanForLeaks(sdp: string, level: PrivacyLevel, loopbackRelay: boolean): void {
  for (const line of sdp.split('\r\n')) {
    if (harmless.test(line)) continue
    if (line.startsWith(candidateLine) ? leaksAsCandidate(line, level, loopbackRelay) : leaks(line))
      throw new InternalError('description-leaks', 'an address was about to leave in a session description')
  }
}

function leaks(line: string): boolean {
  return [dottedQuad, colonHex, macAddress, localName].some((pattern) => pattern.test(line))
}

function leaksAsCandidate(line: string, level: PrivacyLevel, loopbackRelay: boolean): boolean {
  const rest = line.replace(blankRelated, '')
  const target = ` ${rest.split(' ')[4] ?? ''} `
  if (leaks(rest.replace(target, ' ').replace(candidateLine, ''))) return true
  const isRelay = relay.test(rest)
  if (level === 'hidden' && !isRelay) return true
  if (level !== 'lan' && (rest.includes(' typ host') || localName.test(target) || ofOneNetwork.test(target)))
    return true
  if (localName.test(target) && !mdnsTarget.test(target)) return true
  if (loopback.test(target)) return !(isRelay && loopbackRelay)
  return ofNoNetwork.test(target) || hardwareInterface.test(target)
}
