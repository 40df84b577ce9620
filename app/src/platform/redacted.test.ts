import { format, inspect } from 'node:util'
import { expect, it } from 'vitest'
import { Redacted } from './index.ts'

it('prints a redaction whatever prints it, and reveals only when asked', () => {
  const secret = new Redacted('pa55word')
  const printed = [
    String(secret),
    // eslint-disable-next-line @typescript-eslint/restrict-template-expressions -- the accident this class is for
    `${secret}`,
    JSON.stringify({ secret }),
    inspect(secret, { showHidden: true, depth: null }),
    format('%s %o %j %O', secret, secret, secret, secret),
    Object.values(secret).join(),
    JSON.stringify(structuredClone({ ...secret })),
  ].join()
  expect(printed).not.toContain('pa55word')
  expect(printed.split('[redacted]').length).toBeGreaterThan(8)
  expect(secret.reveal()).toBe('pa55word')
})
