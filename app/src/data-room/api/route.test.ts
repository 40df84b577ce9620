import fc from 'fast-check'
import { expect, it } from 'vitest'
import { routeOf, type Call } from './route.ts'

const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })

it('reads every path of the API back to what it was written from, by its method alone', () => {
  const name = fc.oneof(fc.integer({ min: 0, max: 9_999_999 }), fc.constant('hashes' as const))
  fc.assert(
    fc.property(hex(64), hex(32), name, fc.integer({ min: 0, max: 999_999_999 }), (drive, object, segment, n) => {
      const base = `/data/drives/${drive}`
      const path = `${base}/objects/${object}`
      const rows: readonly (readonly [string, string, Call])[] = [
        ['PUT', `${path}/${String(segment)}`, { kind: 'put-segment', drive, object, name: segment }],
        ['GET', `${path}/${String(segment)}`, { kind: 'get-segment', drive, object, name: segment }],
        ['GET', path, { kind: 'list-object', drive, object }],
        ['DELETE', path, { kind: 'clear-object', drive, object }],
        ['PUT', `${base}/journal/${String(n)}`, { kind: 'append-batch', drive, n }],
        ['GET', `${base}/journal?from=${String(n)}`, { kind: 'read-journal', drive, from: n }],
        ['GET', `${base}/journal`, { kind: 'read-journal', drive, from: 0 }],
      ]
      for (const [method, url, call] of rows) {
        expect(routeOf(method, url)).toEqual(call)
        expect(routeOf('PATCH', url)).toEqual({ kind: 'method-unknown' })
      }
    }),
  )
})

it('gives out nothing but hexadecimal names and whole numbers, whatever it reads', () => {
  const part = fc.oneof(
    hex(64),
    hex(32),
    fc.constantFrom('data', 'drives', 'objects', 'journal', '..', '%00', '0'),
    fc.string(),
  )
  const url = fc.oneof(
    fc.string(),
    fc.array(part, { maxLength: 7 }).map((parts) => `/${parts.join('/')}`),
  )
  fc.assert(
    fc.property(fc.constantFrom('GET', 'PUT', 'POST', 'DELETE'), url, (method, asked) => {
      const route = routeOf(method, asked)
      if ('drive' in route) expect(route.drive).toMatch(/^[0-9a-f]{64}$/)
      if ('object' in route) expect(route.object).toMatch(/^[0-9a-f]{32}$/)
      if ('name' in route) expect(String(route.name)).toMatch(/^(\d{1,7}|hashes)$/)
    }),
  )
})
