import { describe, expect, it } from 'vitest'
import { toHex } from '../bytes/index.ts'
import { AuthenticationError } from '../errors/index.ts'
import { dtlsConfirmation, FingerprintPin } from './dtls-binding.ts'

describe('FingerprintPin', () => {
  it('D7, D8: accepts the first certificate of a session and no other', () => {
    const pin = new FingerprintPin()
    pin.check(new Uint8Array(32).fill(1))
    pin.check(new Uint8Array(32).fill(1))
    expect(() => {
      pin.check(new Uint8Array(32).fill(2))
    }).toThrow(AuthenticationError)
    expect(pin.pinned).toEqual(new Uint8Array(32).fill(1))
  })
})

describe('dtlsConfirmation', () => {
  const key = new Uint8Array(32).fill(7)
  const a = new Uint8Array(32).fill(1)
  const b = new Uint8Array(32).fill(2)

  it('differs by direction, by either certificate and by key', async () => {
    const codes = await Promise.all([
      dtlsConfirmation(key, 'initiator', a, b),
      dtlsConfirmation(key, 'responder', a, b),
      dtlsConfirmation(key, 'initiator', b, a),
      dtlsConfirmation(key, 'initiator', a, a),
      dtlsConfirmation(new Uint8Array(32).fill(8), 'initiator', a, b),
    ])
    expect(new Set(codes.map(toHex)).size).toBe(codes.length)
    expect(await dtlsConfirmation(key, 'initiator', a, b)).toEqual(codes[0])
  })
})
