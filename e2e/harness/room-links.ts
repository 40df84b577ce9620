import { createHash, randomBytes } from 'node:crypto'

/*
 * The layout of a room link's code, written a second time so that the journeys do not judge the product by itself
 * (docs/protocol): version u8 | flags u16 | room id 16 | secret 32 | host fingerprint 16 | checksum 4, in base64url.
 */
const secretAt = 19
const secretBytes = 32
const checksumBytes = 4

/** The code of a link: what stands after `#/r/`. */
export function codeOf(link: string): string {
  const code = /#\/r\/(\S+)$/.exec(link)?.[1]
  if (code === undefined) throw new Error('This is no room link')
  return code
}

export function secretOf(link: string): Uint8Array {
  return Buffer.from(codeOf(link), 'base64url').subarray(secretAt, secretAt + secretBytes)
}

/** The link after `change` of its bytes, with a checksum that fits them. */
function rewritten(link: string, change: (body: Buffer) => void): string {
  const code = codeOf(link)
  const body = Buffer.from(code, 'base64url').subarray(0, -checksumBytes)
  change(body)
  const checksum = createHash('sha256').update('p2pigeon/v1/link').update(body).digest().subarray(0, checksumBytes)
  return link.replace(code, Buffer.concat([body, checksum]).toString('base64url'))
}

/** A whole, well-formed link to the same room whose secret is another one. */
export function wrongSecretLink(link: string): string {
  return rewritten(link, (body) => {
    randomBytes(secretBytes).copy(body, secretAt)
  })
}

/** A whole link of a version of the format that is yet to come. */
export function futureLink(link: string): string {
  return rewritten(link, (body) => {
    body.writeUInt8(body.readUInt8(0) + 2, 0)
  })
}

export function truncatedLink(link: string): string {
  return link.slice(0, -20)
}

/** The link with one letter of its middle mistyped. */
export function damagedLink(link: string): string {
  const at = link.length - 40
  return `${link.slice(0, at)}${link.charAt(at) === 'A' ? 'B' : 'A'}${link.slice(at + 1)}`
}

/** Every spelling in which a secret could be found on a wire. */
export function encodings(secret: Uint8Array): (string | Uint8Array)[] {
  const bytes = Buffer.from(secret)
  const hex = bytes.toString('hex')
  return [secret, hex, hex.toUpperCase(), bytes.toString('base64url'), bytes.toString('base64').replace(/=+$/, '')]
}
