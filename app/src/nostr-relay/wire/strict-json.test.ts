import { CodecError } from '@p2pigeon/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readClientMessage } from './client-message.ts'
import { readJson } from './strict-json.ts'

const bounds = { maxJsonDepth: 16, maxFiltersPerRequest: 4, maxValuesPerFilter: 16, maxTagConditions: 4, maxLimit: 500 }

test('what JSON holds comes back, when it is flat and Unicode', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' }), fc.boolean(), (value, escaped) => {
      const plain = JSON.stringify(value)
      const text = escaped
        ? plain.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        : plain
      expect(readJson(text, 16)).toEqual(JSON.parse(plain))
    }),
  )
})

test('lone surrogates are refused, raw or escaped, in any neighbourhood', () => {
  const unit = fc.oneof(fc.constantFrom('\\ud83d', '\\udd4a', '\\n', '\\\\', '\\"', 'a', '\u{1f54a}', '\\u0041'))
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 8 }), (units) => {
      const text = `"${units.join('')}"`
      const value = JSON.parse(text) as string
      if (/\p{Surrogate}/u.test(value)) expect(() => readJson(text, 1)).toThrow(CodecError)
      else expect(readJson(text, 1)).toBe(value)
    }),
    { numRuns: 2_000 },
  )
})

test('depth is counted outside of strings only', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  expect(readJson(nested(16), 16)).toBeDefined()
  expect(() => readJson(nested(17), 16)).toThrow(CodecError)
  expect(() => readJson('['.repeat(1_000_000), 16)).toThrow(CodecError)
  expect(readJson(JSON.stringify([`${'['.repeat(50)}\\"${'{'.repeat(50)}`]), 1)).toBeDefined()
})

test('any text is read without a throw, and garbage of any kind gets an answer', () => {
  const fragments = fc.constantFrom(
    '[',
    ']',
    '{',
    '}',
    '"',
    ',',
    ':',
    'REQ',
    'EVENT',
    'CLOSE',
    'AUTH',
    'ids',
    '#p',
    '1',
    'null',
    '\\',
    '\\u',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fragments).map((parts) => parts.join('')),
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc
      .tuple(fc.constantFrom('REQ', 'EVENT', 'CLOSE', 'AUTH'), fc.array(fc.jsonValue()))
      .map(([verb, rest]) => JSON.stringify([verb, ...rest])),
  )
  fc.assert(
    fc.property(text, (input) => {
      const message = readClientMessage(input, bounds)
      if ('answer' in message) expect(JSON.parse(message.answer)).toBeInstanceOf(Array)
    }),
    { numRuns: 2_000 },
  )
})
