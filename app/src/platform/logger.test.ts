import { expect, it } from 'vitest'
import { UsageError } from '@p2pigeon/core'
import { consoleLogger, describeFault } from './index.ts'

it('writes one line each, to the right stream, without controls', () => {
  const out: string[] = []
  const err: string[] = []
  const log = consoleLogger({ out: (line) => out.push(line), err: (line) => err.push(line) })
  log.info('P2Pigeon is ready: http://localhost:3060')
  log.warn('two\nlines\u001b[31m')
  log.error('bad')
  expect(out).toEqual(['P2Pigeon is ready: http://localhost:3060\n'])
  expect(err).toEqual(['Warning: two␊lines␛[31m\n', 'Error: bad\n'])
})

it('describes a foreign failure by kind, code and place, never by its message', () => {
  const foreign = Object.assign(new TypeError('connect ECONNREFUSED 203.0.113.7:9\n    at secret 203.0.113.7'), {
    code: 'ECONNREFUSED',
  })
  expect(describeFault(foreign)).toMatch(/^TypeError ECONNREFUSED at /)
  expect(describeFault(foreign)).not.toContain('203.0.113.7')
  expect(describeFault(Object.assign(new Error('x'), { code: 'bad code 203.0.113.7' }))).not.toContain('203.0.113.7')
  expect(describeFault('203.0.113.7')).toBe('a value that is not an error was thrown')
  expect(describeFault(new UsageError('bad-config', 'PORT is wrong'))).toBe('UsageError bad-config: PORT is wrong')
})
