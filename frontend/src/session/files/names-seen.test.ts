import { describe, expect, it } from 'vitest'
import { fakeParticipant, FakeRoom } from '../testing/index.ts'
import { namesSeen } from './names-seen.ts'

describe('names that were seen', () => {
  it('outlast their people, and follow who calls themselves otherwise', () => {
    const room = new FakeRoom('room', 'code', { participants: [fakeParticipant('Grace')] })
    const { nameOf, end } = namesSeen(room)
    expect(nameOf('peer-Grace')).toBe('Grace')
    expect(nameOf('peer-Ben')).toBeUndefined()
    room.paint({ participants: [] })
    expect(nameOf('peer-Grace')).toBe('Grace')
    room.paint({ participants: [fakeParticipant('Grace', { name: 'Hopper' })] })
    expect(nameOf('peer-Grace')).toBe('Hopper')
    end()
    room.paint({ participants: [fakeParticipant('Ben')] })
    expect(nameOf('peer-Ben')).toBeUndefined()
  })

  it('are bounded, the latest kept', () => {
    const room = new FakeRoom('room', 'code')
    const { nameOf } = namesSeen(room)
    for (let n = 0; n < 600; n++) room.paint({ participants: [fakeParticipant(`P${n}`)] })
    expect(nameOf('peer-P0')).toBeUndefined()
    expect(nameOf('peer-P599')).toBe('P599')
  })
})
