import { CodecError } from '../errors/index.ts'
import { usernameFragmentPattern } from './candidate.ts'

/** A candidate as `addIceCandidate` takes it; an `RTCIceCandidate` fits too. */
export interface CandidateInit {
  readonly candidate?: string
  readonly sdpMid?: string | null
  readonly sdpMLineIndex?: number | null
  readonly usernameFragment?: string | null
}

const prefixPattern = /^(?:a=)?candidate:/
const midPattern = /^[A-Za-z0-9_-]{1,16}$/

/**
 * Puts the line of `candidate` through `rule` and gives back what came out in the shape that went in.
 * @throws {CodecError} `bad-candidate`
 */
export function throughInit(
  candidate: string | CandidateInit,
  rule: (line: string) => string | null,
): string | CandidateInit | null {
  if (typeof candidate === 'string') return throughLine(candidate, rule)
  const line = throughLine(candidate.candidate ?? '', rule)
  if (line === null) return null
  const { sdpMid, sdpMLineIndex, usernameFragment } = candidate
  if (sdpMid != null && !midPattern.test(sdpMid)) throw refused()
  if (sdpMLineIndex != null && !(Number.isInteger(sdpMLineIndex) && sdpMLineIndex >= 0 && sdpMLineIndex < 64))
    throw refused()
  if (usernameFragment != null && !usernameFragmentPattern.test(usernameFragment)) throw refused()
  return {
    candidate: line,
    ...(sdpMid === undefined ? {} : { sdpMid }),
    ...(sdpMLineIndex === undefined ? {} : { sdpMLineIndex }),
    ...(usernameFragment === undefined ? {} : { usernameFragment }),
  }
}

/** An empty line says that there will be no more candidates (W3C WebRTC, RTCIceCandidate). */
function throughLine(line: string, rule: (line: string) => string | null): string | null {
  if (line === '') return line
  const passed = rule(line)
  return passed === null ? null : passed.replace(/^candidate:/, prefixPattern.exec(line)?.[0] ?? '')
}

function refused(): CodecError {
  return new CodecError('bad-candidate', 'not an ICE candidate')
}
