import type { ByteRange } from '../store/index.ts'

export type RangeAnswer =
  | { readonly kind: 'whole'; readonly range: ByteRange }
  | { readonly kind: 'part'; readonly range: ByteRange }
  | { readonly kind: 'wrong' }

/** What a `Range` header asks of so many bytes (RFC 9110, section 14). Several ranges at once are answered by everything, as is allowed. */
export function readRange(header: string | undefined, byteLength: number): RangeAnswer {
  const whole: RangeAnswer = { kind: 'whole', range: { start: 0, end: byteLength } }
  const asked = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '')
  if (asked === null) return whole
  const [, from = '', to = ''] = asked
  if (from === '' && to === '') return whole
  if (from === '') {
    const last = Math.min(Number(to), byteLength)
    return last === 0 ? { kind: 'wrong' } : { kind: 'part', range: { start: byteLength - last, end: byteLength } }
  }
  const start = Number(from)
  const end = to === '' ? byteLength : Math.min(Number(to) + 1, byteLength)
  return start >= byteLength || end <= start ? { kind: 'wrong' } : { kind: 'part', range: { start, end } }
}
