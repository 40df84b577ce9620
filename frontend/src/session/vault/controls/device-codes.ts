import type { DeviceIdentity } from '@p2pigeon/core/people'
import { Fault } from '../../fault.ts'
import { fromBase64url, fromBytes, sameKey, toBase64url, toBytes } from '../codec.ts'

/*
 * Two texts pass between two devices of one person, by camera or by hand, and neither is secret:
 *
 *   device code   what the new device shows: its public keys and its name
 *   answer code   what the device with the key shows: the signed record that lists the new one, and the person's name
 *
 * Each is a word for its kind, then base64url of 4 bytes of SHA-256 and what they are over: a slip of the hand is told from a lie of
 * nobody; the record is judged by its signature.
 */
const kinds = { device: 'pigeon-device', answer: 'pigeon-answer' } as const
const checksumBytes = 4
/** A record has at most 2,048 bytes, which base64url inside JSON makes 2,732. */
const maxCodeLength = 6_000

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

export async function writeDeviceCode(device: Pick<DeviceIdentity, 'publicKey' | 'noisePublicKey'>, name: string): Promise<string> {
  return write('device', { e: toBase64url(device.publicKey), x: toBase64url(device.noisePublicKey), n: name })
}

/** @throws {Fault} `device-code-missing`, `device-code-damaged` */
export async function readDeviceCode(text: string): Promise<DeviceCode> {
  const { e, x, n } = await read('device', text)
  const [publicKey, noisePublicKey] = [e, x].map((one) => fromBase64url(one ?? ''))
  if (publicKey?.length !== 32 || noisePublicKey?.length !== 32) throw new Fault('device-code-damaged')
  return { publicKey, noisePublicKey, name: n ?? '' }
}

export async function writeAnswerCode(record: Uint8Array, name: string): Promise<string> {
  return write('answer', { r: toBase64url(record), n: name })
}

/** @throws {Fault} `answer-code-missing`, `answer-code-damaged` */
export async function readAnswerCode(text: string): Promise<AnswerCode> {
  const { r, n } = await read('answer', text)
  const record = fromBase64url(r ?? '')
  if (!record || record.length === 0) throw new Fault('answer-code-damaged')
  return { record, name: n ?? '' }
}

/** Twelve digits that both devices show: somebody who slips in a device of their own would have to hit 40 bits. */
export async function checkDigits(publicKey: Uint8Array<ArrayBuffer>): Promise<string> {
  const view = new DataView((await digest(publicKey)).buffer)
  const number = (view.getBigUint64(0) % 1_000_000_000_000n).toString().padStart(12, '0')
  return number.replace(/(\d{4})(?=\d)/g, '$1 ')
}

async function write(kind: keyof typeof kinds, fields: Readonly<Record<string, string>>): Promise<string> {
  const body = toBytes(fields)
  const whole = new Uint8Array(checksumBytes + body.length)
  whole.set((await digest(body)).subarray(0, checksumBytes))
  whole.set(body, checksumBytes)
  return `${kinds[kind]}.${toBase64url(whole)}`
}

async function read(kind: keyof typeof kinds, text: string): Promise<Readonly<Record<string, string | undefined>>> {
  const typed = text.replaceAll(/\s/g, '')
  const prefix = `${kinds[kind]}.`
  if (!typed.startsWith(prefix)) throw new Fault(`${kind}-code-missing`)
  const whole = typed.length > maxCodeLength ? undefined : fromBase64url(typed.slice(prefix.length))
  const body = whole?.slice(checksumBytes)
  if (!whole || !body || !sameKey(whole.subarray(0, checksumBytes), (await digest(body)).subarray(0, checksumBytes))) {
    throw new Fault(`${kind}-code-damaged`)
  }
  return readFields(body) ?? {}
}

/** Only text fields; anybody can make a code, so nothing else is believed of it. */
function readFields(body: Uint8Array): Readonly<Record<string, string>> | undefined {
  try {
    const fields = fromBytes<unknown>(body)
    if (typeof fields !== 'object' || fields === null) return undefined
    return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  } catch {
    return undefined
  }
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}
