import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PeerSession } from '../../src/peer/index.ts'
import { encodeControl } from '../../src/room/control.ts'
import { connectedNames, seen, village, type Village } from './headless-people.ts'
import { endOf, HostilePerson } from './hostile-person.ts'

describe('a hostile member', { timeout: 60_000 }, () => {
  let place: Village
  let eve: HostilePerson

  beforeEach(async () => {
    place = await village()
    eve = new HostilePerson(place.bootstrap)
  })
  afterEach(async () => {
    eve.scope.end()
    await place.close()
  })

  const garbage = new Uint8Array([9, 9, 9])
  it.each([
    [
      'garbage as a control message',
      (session: PeerSession) => {
        session.sendControl(garbage)
      },
    ],
    [
      'garbage as a chat message',
      (session: PeerSession) => {
        session.sendMessage(garbage)
      },
    ],
    [
      'more entries of the log than any log has',
      (session: PeerSession) => {
        const flood = encodeControl({ kind: 'entries', entries: Array.from({ length: 200 }, () => garbage) })
        for (let sent = 0; sent < 100; sent++) session.sendControl(flood)
      },
    ],
  ])('who sends %s loses its session, and nobody else notices', async (_what, speak) => {
    const ada = await place.person('Ada')
    const ben = await place.person('Ben')
    const link = await ada.manager.createRoomLink({ privacy: 'lan' })
    const room = await ada.join(link)
    const session = await eve.open(link)
    const end = endOf(session)
    speak(session)
    expect(await end).toBe('violation')
    await ben.join(link)
    const view = await seen(room, (now) => connectedNames(now).includes('Ben'))
    expect(connectedNames(view)).toEqual(['Ben'])
  })
})
