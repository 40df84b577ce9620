import { FakeClock } from '@p2pigeon/core/testing'
import { describe, expect, it } from 'vitest'
import { defaultTurnLimits } from '../limits.ts'
import { expiryOf } from './credentials.ts'
import { issueCredentials, longTermKey, Nonces, passwordOf, Strangers } from './index.ts'

describe('credentials', () => {
  it('are what coturn makes of the same secret', () => {
    // from `openssl dgst -sha1 -hmac`
    expect(passwordOf('1700000000:ada', 'north')).toBe('ndZ88ryT1whVxdkcRLepT9D1MpM=')
    expect(longTermKey('user', 'realm', 'pass').toString('hex')).toBe('8493fbc53ba582fb4c044c456bdc40eb')
  })

  it('say when they expire, and differ each time', () => {
    const [first, second] = [issueCredentials('s', 60, 1_000_999), issueCredentials('s', 60, 1_000_999)]
    expect(first.username).toMatch(/^1060:[\w-]{16}$/)
    expect(expiryOf(first.username)).toBe(1_060_000)
    expect(second.username).not.toBe(first.username)
    expect(first.credential).toBe(passwordOf(first.username, 's'))
  })

  it.each(['', 'ada', ':x', '12', '12:', '-1:x', '1e9:x', '1.5:x', '12:x y', `12:${'x'.repeat(65)}`, '123456789012:x'])(
    'with the user name %j are none',
    (username) => {
      expect(expiryOf(username)).toBeUndefined()
    },
  )
})

describe('a nonce', () => {
  it('is good for its client and its time', () => {
    const clock = new FakeClock()
    const nonces = new Nonces(clock, 1_000)
    const nonce = nonces.issue('ada')
    expect(nonces.isFresh(nonce, 'ada')).toBe(true)
    expect(nonces.isFresh(nonce, 'ben')).toBe(false)
    expect(new Nonces(clock, 1_000).isFresh(nonce, 'ada')).toBe(false)
    clock.advance(1_000)
    expect(nonces.isFresh(nonce, 'ada')).toBe(true)
    clock.advance(1)
    expect(nonces.isFresh(nonce, 'ada')).toBe(false)
  })

  it('cannot be changed, made later or spelt otherwise', () => {
    const nonces = new Nonces(new FakeClock(), 1_000)
    const bytes = Buffer.from(nonces.issue('ada'), 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(nonces.isFresh(changed.toString('base64url'), 'ada')).toBe(false)
    }
    for (const nonce of ['', 'x', `${bytes.toString('base64url')}=`, bytes.toString('hex')]) {
      expect(nonces.isFresh(nonce, 'ada')).toBe(false)
    }
  })
})

describe('strangers', () => {
  const limits = { ...defaultTurnLimits, strangerBurst: 2, strangersPerSecond: 1, totalStrangerBurst: 1e9 }

  it('have a rate each; an IPv6 /64 is one', () => {
    const clock = new FakeClock()
    const strangers = new Strangers(limits, clock)
    const asks = (address: string) => [1, 2, 3].map(() => strangers.admit(address))
    expect(asks('192.0.2.1')).toEqual([true, true, false])
    expect(asks('192.0.2.2')).toEqual([true, true, false])
    expect(asks('2001:db8::1')).toEqual([true, true, false])
    expect(strangers.admit('2001:db8::2')).toBe(false)
    clock.advance(1_000)
    expect(asks('192.0.2.1')).toEqual([true, false, false])
  })

  it('are bounded in all', () => {
    const strangers = new Strangers({ ...limits, totalStrangerBurst: 3, totalStrangersPerSecond: 1 }, new FakeClock())
    const answers = [1, 2, 3, 4].map((last) => strangers.admit(`192.0.2.${String(last)}`))
    expect(answers).toEqual([true, true, true, false])
  })

  it('who come by the ten thousand do not make it forget who was here a moment ago', () => {
    const strangers = new Strangers(limits, new FakeClock())
    strangers.admit('192.0.2.1')
    strangers.admit('192.0.2.1')
    for (let index = 0; index < 10_000; index += 1) strangers.admit(`10.${String(index >> 8)}.${String(index & 255)}.1`)
    expect(strangers.admit('192.0.2.1')).toBe(false)
  })
})
