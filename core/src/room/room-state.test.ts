import { describe, expect, it } from 'vitest'
import { isUnderWay, nextPlace, type PlaceInput } from './room-state.ts'
import type { RoomState } from './view.ts'

type Kind = RoomState['kind']

const underWay = ['joining', 'knocking', 'joined'] as const
const over = ['full', 'locked', 'removed', 'ended', 'left'] as const

function refused(
  reason: Extract<PlaceInput, { kind: 'refused' }>['reason'],
  by: 'member' | 'cohost' | 'host' = 'member',
  newcomer = false,
): PlaceInput {
  return { kind: 'refused', reason, authority: by !== 'member', host: by === 'host', newcomer }
}

const searched = (dialling: number, first: boolean): PlaceInput => ({ kind: 'searched', dialling, first })
const stands = (where: 'nowhere' | 'lobby' | 'in'): PlaceInput => ({ kind: 'stands', where })

describe('our place in a room', () => {
  it.each<readonly [Kind, string, PlaceInput, Kind]>([
    ['joining', 'a search finds nobody', searched(0, true), 'joined'],
    ['joining', 'a first search finds somebody', searched(2, true), 'joining'],
    ['joining', 'a later search finds somebody', searched(2, false), 'joined'],
    ['knocking', 'a search finds nobody', searched(0, false), 'knocking'],
    ['joining', 'all let us wait', stands('lobby'), 'knocking'],
    ['joined', 'all let us wait', stands('lobby'), 'knocking'],
    ['knocking', 'they are gone', stands('nowhere'), 'joining'],
    ['joined', 'they are gone', stands('nowhere'), 'joined'],
    ['joining', 'somebody is with us', stands('in'), 'joined'],
    ['knocking', 'somebody is with us', stands('in'), 'joined'],
    ['joined', 'a member says kicked', refused('kicked'), 'joined'],
    ['joined', 'a co-host says kicked', refused('kicked', 'cohost'), 'removed'],
    ['joining', 'the host says kicked', refused('kicked', 'host'), 'removed'],
    ['knocking', 'a member turns us away', refused('denied'), 'removed'],
    ['joined', 'a member turns us away', refused('denied'), 'joined'],
    ['joined', 'a member says ended', refused('ended'), 'joined'],
    ['joined', 'a co-host says ended', refused('ended', 'cohost'), 'joined'],
    ['joined', 'the host says ended', refused('ended', 'host'), 'ended'],
    ['joined', 'a member says full', refused('room-full'), 'joined'],
    ['joined', 'a member says full to a newcomer', refused('room-full', 'member', true), 'full'],
    ['joined', 'the host says full to somebody long in', refused('room-full', 'host'), 'joined'],
    ['knocking', 'a member says locked', refused('locked'), 'locked'],
    ['joined', 'a member says locked', refused('locked'), 'joined'],
    ['joining', 'a member says locked to a newcomer', refused('locked', 'member', true), 'locked'],
  ])('%s: %s', (now, _what, input, then) => {
    expect(nextPlace({ kind: now }, input)).toEqual({ kind: then })
  })

  it.each(underWay)('%s ends by the log and by leaving', (kind) => {
    expect(nextPlace({ kind }, { kind: 'decided', what: 'removed' })).toEqual({ kind: 'removed' })
    expect(nextPlace({ kind }, { kind: 'decided', what: 'ended' })).toEqual({ kind: 'ended' })
    expect(nextPlace({ kind }, { kind: 'left' })).toEqual({ kind: 'left' })
    expect(isUnderWay({ kind })).toBe(true)
  })

  it.each(over)('%s stays', (kind) => {
    const inputs = [
      searched(0, true),
      stands('in'),
      stands('lobby'),
      refused('kicked', 'host'),
      { kind: 'left' } as const,
    ]
    for (const input of inputs) expect(nextPlace({ kind }, input)).toEqual({ kind })
    expect(isUnderWay({ kind })).toBe(false)
  })
})
