import { attributeTypes, firstOptionalType } from './constants.ts'
import { asBuffer } from './message.ts'
import type { StunAttribute, StunContent } from './types.ts'

/** Error codes that this server gives (RFC 8489 section 18.4, RFC 8656 section 19). */
export type StunErrorCode = 400 | 401 | 403 | 420 | 437 | 438 | 440 | 441 | 442 | 443 | 486 | 500 | 508

/** The first value of a type: later ones are not looked at, except where a method says so (RFC 8489 section 14). */
export function valueOf(message: StunContent, type: number): Uint8Array | undefined {
  return message.attributes.find((attribute) => attribute.type === type)?.value
}

export function valuesOf(message: StunContent, type: number): Uint8Array[] {
  return message.attributes.filter((attribute) => attribute.type === type).map(({ value }) => value)
}

export function textOf(message: StunContent, type: number): string | undefined {
  const value = valueOf(message, type)
  return value === undefined ? undefined : asBuffer(value).toString('utf8')
}

/** An unsigned number of 32 bits; `undefined` when there is none or it has another length. */
export function numberOf(message: StunContent, type: number): number | undefined {
  const value = valueOf(message, type)
  return value?.length === 4 ? asBuffer(value).readUInt32BE(0) : undefined
}

export function numberAttribute(type: number, value: number): StunAttribute {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return { type, value: bytes }
}

export const textAttribute = (type: number, text: string): StunAttribute => ({ type, value: Buffer.from(text, 'utf8') })

/** ERROR-CODE without a reason phrase: the number says it all, and fewer bytes go to a source nobody has verified. */
export function errorAttribute(code: StunErrorCode): StunAttribute {
  return { type: attributeTypes.errorCode, value: Buffer.from([0, 0, Math.floor(code / 100), code % 100]) }
}

export function errorCodeOf(message: StunContent): number | undefined {
  const value = valueOf(message, attributeTypes.errorCode)
  return value === undefined || value.length < 4 ? undefined : ((value[2] ?? 0) & 7) * 100 + (value[3] ?? 0)
}

export function unknownAttributes(types: readonly number[]): StunAttribute {
  const value = Buffer.alloc(2 * types.length)
  types.forEach((type, index) => value.writeUInt16BE(type, 2 * index))
  return { type: attributeTypes.unknownAttributes, value }
}

const known = new Set<number>(Object.values(attributeTypes))

/** Types in `message` that must be understood and are not (RFC 8489 section 6.3.1); each once. */
export function notUnderstood(message: StunContent): number[] {
  const types = message.attributes.map(({ type }) => type)
  return [...new Set(types.filter((type) => type < firstOptionalType && !known.has(type)))]
}
