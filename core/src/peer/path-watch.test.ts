import { describe, expect, it } from 'vitest'
import type { ChannelRole } from '../channel/index.ts'
import { Scope } from '../lifetime/index.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { PathWatch } from './path-watch.ts'

function watched(role: ChannelRole, onLost: (scope: Scope) => void = () => undefined) {
  const clock = new FakeClock()
  const scope = new Scope()
  const told: string[] = []
  const connection = {
    iceConnectionState: 'new' as RTCIceConnectionState,
    oniceconnectionstatechange: null as (() => void) | null,
    getStats: () => Promise.resolve(new Map()),
  }
  const hook = (name: string) => (): void => {
    told.push(name)
  }
  const lost = (): void => {
    told.push('lost')
    onLost(scope)
  }
  const hooks = { lost, back: hook('back'), restart: hook('restart'), givenUp: hook('givenUp') }
  new PathWatch(connection as unknown as RTCPeerConnection, role, clock, hooks, scope)
  const ice = (state: RTCIceConnectionState): void => {
    connection.iceConnectionState = state
    connection.oniceconnectionstatechange?.()
  }
  return { clock, scope, told, ice }
}

describe('PathWatch', () => {
  it('says nothing of a gap that closes by itself', () => {
    const { clock, told, ice } = watched('initiator')
    ice('connected')
    ice('disconnected')
    clock.advance(399)
    ice('connected')
    clock.advance(60_000)
    expect(told).toEqual([])
    expect(clock.pending).toBe(0)
  })

  it('asks for a restart when the gap lasts, at once when ICE failed, and tells when the path is back', () => {
    const { clock, told, ice } = watched('initiator')
    ice('disconnected')
    clock.advance(400)
    expect(told).toEqual(['lost', 'restart'])
    ice('failed')
    ice('checking')
    ice('connected')
    expect(told).toEqual(['lost', 'restart', 'back'])
    ice('failed')
    clock.advance(0)
    expect(told.slice(3)).toEqual(['lost', 'restart'])
  })

  it('leaves the first restart to the initiator', () => {
    const { clock, told, ice } = watched('responder')
    ice('failed')
    clock.advance(2_999)
    expect(told).toEqual(['lost'])
    clock.advance(1)
    expect(told).toEqual(['lost', 'restart'])
  })

  it('asks for nothing when whoever heard of the loss has ended the session', () => {
    const { clock, told, ice } = watched('initiator', (scope) => {
      scope.end()
    })
    ice('failed')
    clock.advance(60_000)
    expect(told).toEqual(['lost'])
    expect(clock.pending).toBe(0)
  })

  it('gives up in the end, and is silent after its scope', () => {
    const { clock, scope, told, ice } = watched('initiator')
    ice('failed')
    clock.advance(12_000)
    expect(told).toEqual(['lost', 'restart', 'givenUp'])
    ice('connected')
    ice('failed')
    scope.end()
    clock.advance(60_000)
    expect(told.slice(3)).toEqual(['back', 'lost'])
    expect(clock.pending).toBe(0)
  })
})
