import { describe, expect, it } from 'vitest'
import { AddressShares } from './shares.ts'

describe('a share', () => {
  it('keeps one address from having everything', () => {
    const shares = new AddressShares(10, 6)
    expect(shares.take('192.0.2.1', 6)).toBeDefined()
    expect(shares.take('192.0.2.1', 1)).toBeUndefined()
    expect(shares.take('192.0.2.2', 4)).toBeDefined()
    expect(shares.take('192.0.2.3', 1)).toBeUndefined()
  })

  it('is that of a whole customer', () => {
    const shares = new AddressShares(10, 6)
    expect(shares.take('2001:db8::1', 6)).toBeDefined()
    expect(shares.take('2001:db8::2', 1)).toBeUndefined()
    expect(shares.take('2001:db8:0:1::1', 4)).toBeDefined()
  })

  it('can be had again once it was given back', () => {
    const shares = new AddressShares(10, 6)
    const [first, second] = [shares.take('192.0.2.1', 2), shares.take('192.0.2.1', 4)]
    first?.()
    expect(shares.take('192.0.2.1', 3)).toBeUndefined()
    second?.()
    expect(shares.take('192.0.2.1', 6)).toBeDefined()
  })
})
