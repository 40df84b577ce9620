import { expect, test } from 'vitest'
import { hmacSha256 } from '../../crypto/index.ts'
import { extractSecret } from './index.ts'

test('HKDF-Extract is HMAC with the salt as its key (RFC 5869 section 2.2), as another implementation computes it', async () => {
  for (let length = 0; length < 70; length += 7) {
    const chainingKey = crypto.getRandomValues(new Uint8Array(32))
    const input = crypto.getRandomValues(new Uint8Array(length))
    expect(extractSecret(chainingKey, input)).toEqual(await hmacSha256(chainingKey, input))
  }
})
