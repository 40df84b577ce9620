import { concat, equal, fromBase64url, toBase64url, utf8 } from '../bytes/index.ts'
import { isVisibleText, Reader, Writer } from '../codec/index.ts'
import { sha256 } from '../crypto/index.ts'
import { CodecError, UsageError } from '../errors/index.ts'
import { maxRecordBytes, readRecord, type IdentityRecord } from '../identity/index.ts'
import { maxPetnameBytes, maxPetnameLength } from './contact.ts'
import { orDamaged } from './file-form.ts'

/*
 * A card is the base64url of
 *
 *   1 u8 | record (u16 length, bytes) | name (u16 length, UTF-8) | checksum 4
 *
 * The checksum is the start of SHA-256("p2pigeon/v1/card" || everything before it). It finds slips of the hand, not attackers: against those the
 * record is signed. In every version to come the version stays first and the checksum last, so that an old reader can tell a newer card from a
 * damaged one.
 */
const version = 1
const checksumBytes = 4
/** The smallest record has one device with a name of one letter and no Nostr key. */
const minCardBytes = 1 + 2 + 198 + 2 + 1 + checksumBytes
const minCardCharacters = Math.ceil((minCardBytes * 4) / 3)
/** Longest text looked at: a card takes 3,085 characters at most, which leaves room for an address and for later versions. */
const maxTextCharacters = 6_144
const marker = '#/c/'

/** What somebody gives away to be reached: anybody who has it can see whether they are online. See docs/protocol/contacts.md. */
export interface ContactCard {
  /** What they call themselves. Signed by nobody: whoever passes the card on can change it. */
  readonly name: string
  readonly record: IdentityRecord
}

/**
 * The card's code; `<origin>/#/c/<code>` is the link.
 * @throws {UsageError} `bad-card` if the name is empty, too long or holds what cannot be seen (see `cleanPetname`).
 */
export async function encodeCard({ name, record }: ContactCard): Promise<string> {
  if (!isVisibleText(name, maxPetnameLength)) throw new UsageError('bad-card', 'a name is 1 to 64 visible characters')
  const body = new Writer().u8(version).bytes16(record.bytes).text16(name).finish()
  return toBase64url(concat(body, await checksum(body)))
}

/**
 * Reads a bare code, `#/c/<code>` or a whole address that ends in it. It says nothing of the time; `addContact` does.
 * @throws {CodecError} `card-missing`: no code in the text. `card-truncated`: shorter than any card. `card-damaged`: a wrong character, length,
 * checksum or form. `card-version`: intact, but of a later version.
 * @throws {AuthenticationError} `record-not-genuine`
 */
export async function readCard(textOrUrl: string): Promise<ContactCard> {
  const bytes = decode(cardCodeOf(textOrUrl))
  const body = bytes.subarray(0, -checksumBytes)
  if (!equal(await checksum(body), bytes.subarray(-checksumBytes))) throw damaged()
  if (body[0] !== version) throw new CodecError('card-version', 'the contact card needs a newer version')
  return orDamaged('card-damaged', async () => {
    const reader = new Reader(body.subarray(1))
    const recordBytes = reader.bytes16(maxRecordBytes)
    const name = reader.text16(maxPetnameBytes)
    reader.end()
    if (!isVisibleText(name, maxPetnameLength)) throw damaged()
    return { name, record: await readRecord(recordBytes) }
  })
}

/** The code in a text, unread. What mail and chat programs leave around it is dropped. */
function cardCodeOf(textOrUrl: string): string {
  if (textOrUrl.length > maxTextCharacters) throw new CodecError('card-missing', 'the text is too long for a card')
  const text = textOrUrl.replace(/^[\s<"'“”‘’«»]+|[\s>"'“”‘’«»]+$/gu, '')
  const start = text.indexOf(marker)
  const code = start < 0 ? text : text.slice(start + marker.length)
  if (code === '' || (start < 0 && /[\s:/#]/u.test(code))) {
    throw new CodecError('card-missing', 'the text holds no contact card')
  }
  return code
}

function decode(code: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]+$/.test(code)) throw damaged()
  if (code.length < minCardCharacters) throw new CodecError('card-truncated', 'the contact card is cut short')
  try {
    return fromBase64url(code)
  } catch {
    throw damaged()
  }
}

async function checksum(body: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return (await sha256(concat(utf8('p2pigeon/v1/card'), body))).slice(0, checksumBytes)
}

function damaged(): CodecError {
  return new CodecError('card-damaged', 'the contact card is damaged')
}
