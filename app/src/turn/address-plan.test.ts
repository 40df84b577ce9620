import { describe, expect, it } from 'vitest'
import { planAddresses, type LocalAddress } from './address-plan.ts'

const local = (address: string, internal = false): LocalAddress => ({
  address,
  internal,
  family: address.includes(':') ? 'IPv6' : 'IPv4',
})
const loopback = [local('127.0.0.1', true), local('::1', true)]
const office = [...loopback, local('169.254.3.3'), local('192.168.7.1'), local('fe80::1%eth0')]
const rented = [...office, local('198.41.0.4'), local('2001:500:200::b')]
const relay = (family: 4 | 6, bind: string, advertised = bind) => ({ family, bind, advertised })

describe('where it listens and relays', () => {
  it.each([
    ['127.0.0.1', [], office, [4, '127.0.0.1'], [relay(4, '127.0.0.1'), relay(6, '::1')], true],
    ['127.0.0.1', [], [local('127.0.0.1', true)], [4, '127.0.0.1'], [relay(4, '127.0.0.1')], true],
    ['::1', [], loopback, [6, '::1'], [relay(4, '127.0.0.1'), relay(6, '::1')], true],
    ['192.168.7.1', [], office, [4, '192.168.7.1'], [relay(4, '192.168.7.1')], false],
    ['0.0.0.0', [], office, [4, '0.0.0.0'], [relay(4, '192.168.7.1')], false],
    ['0.0.0.0', [], rented, [4, '0.0.0.0'], [relay(4, '198.41.0.4')], false],
    ['::', [], rented, [6, '::'], [relay(4, '198.41.0.4'), relay(6, '2001:500:200::b')], false],
    ['::', [], office, [6, '::'], [relay(4, '192.168.7.1')], false],
    ['0.0.0.0', [], loopback, [4, '0.0.0.0'], [relay(4, '127.0.0.1')], false],
    ['127.0.0.1', ['198.41.0.4'], rented, [4, '0.0.0.0'], [relay(4, '198.41.0.4')], false],
    ['0.0.0.0', ['198.41.0.9'], office, [4, '0.0.0.0'], [relay(4, '0.0.0.0', '198.41.0.9')], false],
    [
      '0.0.0.0',
      ['198.41.0.4', '2001:500:200::b'],
      rented,
      [6, '::'],
      [relay(4, '198.41.0.4'), relay(6, '2001:500:200::b')],
      false,
    ],
  ] as const)('%s with %j on %#', (host, publicAddresses, addresses, [family, address], relays, loopbackOnly) => {
    const plan = planAddresses(host, publicAddresses, addresses)
    expect(plan).toMatchObject({ listen: { family, address }, relays, loopbackOnly })
  })

  it('counts every address of the machine and its public ones as its own', () => {
    expect(planAddresses('0.0.0.0', ['198.41.0.9'], office).own).toEqual([
      ...['127.0.0.1', '::1', '169.254.3.3', '192.168.7.1', 'fe80::1', '198.41.0.9'],
    ])
  })
})
