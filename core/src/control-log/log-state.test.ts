import { describe, expect, it } from 'vitest'
import { host, peer } from '../testing/log-fixture.ts'
import { entryModes, type EntryMode } from './entry.ts'
import { emptyState, may, roleIn, standingOf, type Deed, type LogState, type Standing } from './log-state.ts'

const [cohost, cohost2, member, banned, allowed] = [peer(2), peer(3), peer(4), peer(5), peer(6)]
const state: LogState = {
  ...emptyState,
  host,
  cohosts: new Set([cohost, cohost2]),
  allowed: new Set([allowed]),
  removed: new Map([
    [banned, 'banned'],
    [peer(7), 'removed'],
  ]),
}

describe('how somebody with the link stands', () => {
  it.each<[string, ReturnType<typeof peer>, readonly Standing[]]>([
    ['the host', host, ['in', 'in', 'in']],
    ['a co-host', cohost, ['in', 'in', 'in']],
    ['somebody allowed in', allowed, ['in', 'in', 'in']],
    ['somebody banned', banned, ['out', 'out', 'out']],
    ['somebody removed', peer(7), ['out', 'out', 'out']],
    ['anybody else', member, ['in', 'knocking', 'shut-out']],
  ])('%s', (_, who, standings) => {
    const seen = entryModes.map((entry: EntryMode) => standingOf({ ...state, entry }, who))
    expect(seen).toEqual(standings)
  })

  it('is out for somebody removed, whatever else is said', () => {
    expect(standingOf({ ...state, allowed: new Set([banned]), cohosts: new Set([banned]) }, banned)).toBe('out')
  })

  it('before anything was decided is in', () => {
    expect(standingOf(emptyState, member)).toBe('in')
    expect(roleIn(emptyState, member)).toBe('member')
  })
})

describe('what a role allows', () => {
  const targets = { host, cohost: cohost2, member }
  const self = { host, cohost, member }
  const deeds: [Deed['kind'], keyof typeof targets | 'self' | undefined, [boolean, boolean, boolean]][] = [
    ['entry', undefined, [true, true, false]],
    ['admit', undefined, [true, true, false]],
    ['invite', undefined, [true, true, false]],
    ['rekey', undefined, [true, true, false]],
    ['mute', 'self', [false, false, false]],
    ['mute', 'host', [false, false, false]],
    ['mute', 'cohost', [true, false, false]],
    ['mute', 'member', [true, true, false]],
    ['kick', 'self', [false, false, false]],
    ['kick', 'host', [false, false, false]],
    ['kick', 'cohost', [true, false, false]],
    ['kick', 'member', [true, true, false]],
    ['files', 'self', [false, false, false]],
    ['files', 'host', [false, false, false]],
    ['files', 'cohost', [true, false, false]],
    ['files', 'member', [true, true, false]],
    ['cohost', undefined, [true, false, false]],
    ['end', undefined, [true, false, false]],
  ]

  it.each(deeds)('%s %s', (kind, target, allowedFor) => {
    const answers = ([host, cohost, member] as const).map((actor, index) => {
      const on = target === 'self' ? [self.host, self.cohost, self.member][index]! : target && targets[target]
      return may(state, actor, (on === undefined ? { kind } : { kind, target: on }) as Deed)
    })
    expect(answers).toEqual(allowedFor)
  })

  it('is nothing for anybody before the host is known', () => {
    expect(may(emptyState, host, { kind: 'end' })).toBe(false)
  })
})
