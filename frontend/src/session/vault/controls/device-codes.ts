import type { DeviceIdentity } from '@p2pigeon/core/people'
import { Fault } from '../../fault.ts'
import { fromBase64url, sameKey, toBase64url } from '../codec.ts'

/*
 * Two texts pass between two devices of one person, by camera or by hand, and neither is secret:
 *
 *   device code   what the new device shows: its public keys and its name
 *   answer code   what the device with the key shows: the signed record that lists the new one, and the person's name
 *
 * Each is a word for its kind, then base64url of 4 bytes of SHA-256 and what they are over:
 *
 *   device   Ed25519 key 32 | X25519 key 32 | name (UTF-8)
 *   answer   length of the name u8 | name (UTF-8) | record
 *
 * The four bytes find slips of the hand. What is in a code is judged elsewhere: the record by its signature, the keys by its owner's eyes.
 */
const kinds = { device: 'pigeon-device', answer: 'pigeon-answer' } as const
const checksumBytes = 4
const keyBytes = 32
/** A record has at most 2,048 bytes and a name 192, which base64url makes 2,993; white space of mail programs is taken out before. */
const maxCodeLength = 3_100

/** What a new device says of itself. */
export interface DeviceCode {
  readonly publicKey: Uint8Array<ArrayBuffer>
  readonly noisePublicKey: Uint8Array<ArrayBuffer>
  readonly name: string
}

export interface AnswerCode {
  readonly record: Uint8Array<ArrayBuffer>
  readonly name: string
}

export async function writeDeviceCode(
  { publicKey, noisePublicKey }: Pick<DeviceIdentity, 'publicKey' | 'noisePublicKey'>,
  name: string,
): Promise<string> {
  return write('device', publicKey, noisePublicKey, utf8(name))
}

/** @throws {Fault} `device-code-missing`, `device-code-damaged` */
export async function readDeviceCode(text: string): Promise<DeviceCode> {
  const body = await read('device', text)
  if (body.length < 2 * keyBytes) throw new Fault('device-code-damaged')
  return {
    publicKey: body.slice(0, keyBytes),
    noisePublicKey: body.slice(keyBytes, 2 * keyBytes),
    name: textOf(body.subarray(2 * keyBytes)),
  }
}

export async function writeAnswerCode(record: Uint8Array, name: string): Promise<string> {
  const nameBytes = utf8(name).subarray(0, 255)
  return write('answer', Uint8Array.of(nameBytes.length), nameBytes, record)
}

/** @throws {Fault} `answer-code-missing`, `answer-code-damaged` */
export async function readAnswerCode(text: string): Promise<AnswerCode> {
  const body = await read('answer', text)
  const start = 1 + (body[0] ?? 0)
  if (body.length <= start) throw new Fault('answer-code-damaged')
  return { record: body.slice(start), name: textOf(body.subarray(1, start)) }
}

/** Twelve digits that both devices show: somebody who slips in a device of their own would have to hit 40 bits. */
export async function checkDigits(publicKey: Uint8Array<ArrayBuffer>): Promise<string> {
  const view = new DataView((await digest(publicKey)).buffer)
  const number = (view.getBigUint64(0) % 1_000_000_000_000n).toString().padStart(12, '0')
  return number.replace(/(\d{4})(?=\d)/g, '$1 ')
}

async function write(kind: keyof typeof kinds, ...parts: readonly Uint8Array[]): Promise<string> {
  const body = concat(parts)
  return `${kinds[kind]}.${toBase64url(concat([(await digest(body)).subarray(0, checksumBytes), body]))}`
}

async function read(kind: keyof typeof kinds, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const typed = text.replaceAll(/\s/g, '')
  const prefix = `${kinds[kind]}.`
  if (!typed.startsWith(prefix)) throw new Fault(`${kind}-code-missing`)
  const whole = typed.length > maxCodeLength ? undefined : fromBase64url(typed.slice(prefix.length))
  const body = whole?.slice(checksumBytes)
  if (!whole || !body || !sameKey(whole.subarray(0, checksumBytes), (await digest(body)).subarray(0, checksumBytes))) {
    throw new Fault(`${kind}-code-damaged`)
  }
  return body
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}
