import { CodecError } from '@p2pigeon/core'

const quote = 0x22
const backslash = 0x5c

/**
 * Reads one JSON text whose arrays and objects are nested at most `maxDepth` deep and whose strings are Unicode. The
 * depth is measured before anything is built of it, so no text can exhaust the stack.
 * @throws {CodecError} `bad-json`
 */
export function readJson(text: string, maxDepth: number): unknown {
  if (depthOf(text, maxDepth) > maxDepth) throw new CodecError('bad-json', 'nested too deep')
  // A lone surrogate has no UTF-8: what is stored and hashed would be another text than what was signed.
  if (/\p{Surrogate}/u.test(text) || hasEscapedLoneSurrogate(text)) throw new CodecError('bad-json', 'not Unicode')
  try {
    return JSON.parse(text)
  } catch {
    throw new CodecError('bad-json', 'not JSON')
  }
}

/** Stops counting beyond `enough`. Text that is not JSON gets some number: whether it is JSON is told by the parser. */
function depthOf(text: string, enough: number): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (inString) {
      if (code === backslash) at++
      else if (code === quote) inString = false
    } else if (code === quote) inString = true
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > deepest) deepest = depth
      if (deepest > enough) return deepest
    } else if (code === 0x5d || code === 0x7d) depth--
  }
  return deepest
}

/** `\ud83d` without its other half. An escaped backslash before the `u` makes it no escape. */
function hasEscapedLoneSurrogate(text: string): boolean {
  if (!/\\u[dD][89a-fA-F]/.test(text)) return false
  let pending = false
  for (const [escape] of text.matchAll(/\\(?:u[0-9a-fA-F]{4}|.)|[^\\]+/gsu)) {
    const unit = escape.startsWith('\\u') ? Number.parseInt(escape.slice(2), 16) : 0
    const isLow = unit >= 0xdc00 && unit < 0xe000
    if (pending !== isLow) return true
    pending = unit >= 0xd800 && unit < 0xdc00
  }
  return pending
}
