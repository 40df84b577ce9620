import { concat, equal, fromBase64url, toBase64url, utf8 } from '../bytes/index.ts'
import { Reader, Writer } from '../codec/index.ts'
import { sha256 } from '../crypto/index.ts'
import { CodecError, UsageError } from '../errors/index.ts'
import { policyFlags, policyOf } from './policy-flags.ts'
import { anchorBytes, fingerprintBytes, roomIdBytes, secretBytes, tokenBytes, type RoomLink } from './room-link.ts'

/*
 * A code is the base64url of
 *
 *   1 u8 | flags u16 | room id 16 | secret 32 | host fingerprint 16 | checksum 4
 *   2 u8 | flags u16 | room id 16 | secret 32 | host fingerprint 16 | epoch u32 | anchor 32 | [token 16] | checksum 4
 *
 * the first for a room without a history. The checksum is the start of SHA-256("p2pigeon/v1/link" || everything before it). It finds slips of the
 * hand, not attackers. In every version to come the version stays first and this checksum last, so that an old reader can tell a newer link from a
 * damaged one.
 */
const version = { fresh: 1, withHistory: 2 } as const
const checksumBytes = 4
/** Bytes of each kind of code: fresh, with history, with history and token. */
const codeBytes = [71, 107, 123] as const
const codeCharacters = 95
/** Longest text looked at: an address with room for a long host name and path, and for links of later versions. */
const maxTextCharacters = 4096

/**
 * The link's code, 95 to 164 characters; `<origin>/#/r/<code>` is the link.
 * @throws {UsageError} `bad-link` if a part has the wrong length.
 */
export async function encodeRoomLink(link: RoomLink): Promise<string> {
  const { roomId, secret, hostFingerprint, policy, history } = link
  const parts: readonly (readonly [Uint8Array | undefined, number])[] = [
    [roomId, roomIdBytes],
    [secret, secretBytes],
    [hostFingerprint, fingerprintBytes],
    [history?.anchor, anchorBytes],
    [history?.token, tokenBytes],
  ]
  if (parts.some(([part, length]) => part !== undefined && part.length !== length)) {
    throw new UsageError('bad-link', 'a part of the link has the wrong form')
  }
  const writer = new Writer()
    .u8(history === undefined ? version.fresh : version.withHistory)
    .u16(policyFlags(policy))
    .fixed(roomId)
    .fixed(secret)
    .fixed(hostFingerprint)
  if (history !== undefined) {
    writer.u32(history.epoch).fixed(history.anchor)
    if (history.token !== undefined) writer.fixed(history.token)
  }
  const body = writer.finish()
  return toBase64url(concat(body, await checksum(body)))
}

/**
 * Reads a bare code, `#/r/<code>` or a whole address that ends in it.
 * @throws {CodecError} `link-missing`: no code in the text. `link-truncated`: shorter than any link.
 * `link-damaged`: a wrong character, length or checksum. `link-version`: intact, but of a version or with flags that
 * this library does not know.
 */
export async function parseRoomLink(textOrUrl: string): Promise<RoomLink> {
  const bytes = decode(linkCodeOf(textOrUrl))
  const body = bytes.subarray(0, -checksumBytes)
  if (!equal(await checksum(body), bytes.subarray(-checksumBytes))) throw damaged()
  const reader = new Reader(body)
  const kind = reader.u8()
  if (kind !== version.fresh && kind !== version.withHistory) throw unknownVersion()
  const [fresh, withHistory, withToken] = codeBytes
  const fits =
    kind === version.fresh ? bytes.length === fresh : [withHistory, withToken].some((n) => n === bytes.length)
  if (!fits) throw damaged()
  const policy = policyOf(reader.u16())
  if (policy === undefined) throw unknownVersion()
  return {
    roomId: reader.fixed(roomIdBytes),
    secret: reader.fixed(secretBytes),
    hostFingerprint: reader.fixed(fingerprintBytes),
    policy,
    history: kind === version.fresh ? undefined : readHistory(reader),
  }
}

function readHistory(reader: Reader): NonNullable<RoomLink['history']> {
  const epoch = reader.u32()
  const anchor = reader.fixed(anchorBytes)
  return { epoch, anchor, token: reader.remaining === 0 ? undefined : reader.fixed(tokenBytes) }
}

/**
 * The code in a text, unread: what follows `#/r/`, or a text that can only be a code itself. White space, angle brackets
 * and quotation marks around the text are dropped, as mail and chat programs leave them there.
 * @throws {CodecError} `link-missing`
 */
export function linkCodeOf(textOrUrl: string): string {
  if (textOrUrl.length > maxTextCharacters) throw new CodecError('link-missing', 'the text is too long for a room link')
  const text = textOrUrl.replace(/^[\s<"'“”‘’«»]+|[\s>"'“”‘’«»]+$/gu, '')
  const marker = '#/r/'
  const start = text.indexOf(marker)
  const code = start < 0 ? text : text.slice(start + marker.length)
  if (code === '' || (start < 0 && /[\s:/#]/u.test(code))) {
    throw new CodecError('link-missing', 'the text holds no room link')
  }
  return code
}

function decode(code: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]+$/.test(code)) throw damaged()
  if (code.length < codeCharacters) throw new CodecError('link-truncated', 'the room link is cut short')
  try {
    return fromBase64url(code)
  } catch {
    throw damaged()
  }
}

async function checksum(body: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return (await sha256(concat(utf8('p2pigeon/v1/link'), body))).slice(0, checksumBytes)
}

function damaged(): CodecError {
  return new CodecError('link-damaged', 'the room link is damaged')
}

function unknownVersion(): CodecError {
  return new CodecError('link-version', 'the room link needs a newer version')
}
