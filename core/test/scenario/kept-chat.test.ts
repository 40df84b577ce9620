import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Room } from '../../src/index.ts'
import { FakeChatMemory } from '../../src/testing/fake-chat-memory.ts'
import { connectedNames, disk, seen, village, type Village } from './headless-people.ts'

/** A device that notes every use of what it keeps chats in. */
function device(): { readonly asked: string[]; readonly memory: FakeChatMemory; chatMemory: () => FakeChatMemory } {
  const asked: string[] = []
  const memory = new FakeChatMemory()
  return {
    asked,
    memory,
    chatMemory: () => {
      asked.push('asked')
      return memory
    },
  }
}

const contents = (room: Room): readonly string[] => room.view().messages.map(({ content }) => content)
const isDelivered = (room: Room, content: string): boolean =>
  room.view().messages.some((one) => one.content === content && one.delivery.kind === 'delivered')

describe('the chat of a room', { timeout: 60_000 }, () => {
  let place: Village

  beforeEach(async () => {
    place = await village()
  })
  afterEach(async () => {
    await place.close()
  })

  it('is kept by each device where the link says so, and there again on return; what was said meanwhile is not', async () => {
    const seed = new Uint8Array(32).fill(7)
    const [adas, bens] = [device(), device()]
    const ada = await place.person('Ada', { seed: seed.slice(), chatMemory: adas.chatMemory })
    const ben = await place.person('Ben', { chatMemory: bens.chatMemory })
    const link = await ada.manager.createRoomLink({ privacy: 'lan', keepChat: true })
    const [adasRoom, bensRoom] = [await ada.join(link), await ben.join(link)]
    await seen(adasRoom, (view) => connectedNames(view).join() === 'Ben')
    adasRoom.sendMessage('hello')
    await seen(adasRoom, () => isDelivered(adasRoom, 'hello'))
    bensRoom.sendMessage('and to you')
    await seen(bensRoom, () => isDelivered(bensRoom, 'and to you'))
    expect(adasRoom.view()).toMatchObject({ chatKept: 'yes', policy: { keepChat: true } })
    await ada.manager.leaveRoom(adasRoom.roomId)
    await seen(bensRoom, (view) => view.participants.length === 0)
    const cat = await place.person('Cat')
    const catsRoom = await cat.join(link)
    await seen(bensRoom, (view) => connectedNames(view).join() === 'Cat')
    bensRoom.sendMessage('Ada is away')
    await seen(bensRoom, () => isDelivered(bensRoom, 'Ada is away'))
    expect(contents(catsRoom)).toEqual(['Ada is away'])
    // A device without a place to keep it in says so.
    expect(catsRoom.view().chatKept).toBe('failing')

    // The same device, another page load.
    const returned = await place.person('Ada', { seed, chatMemory: adas.chatMemory })
    const again = await returned.join(link)
    expect(contents(again)).toEqual(['hello', 'and to you'])
    expect(again.view().messages.map(({ own, fromName }) => [own, fromName])).toEqual([
      [true, 'Ada'],
      [false, 'Ben'],
    ])
    await seen(again, (view) => connectedNames(view).length === 2)
    bensRoom.sendMessage('welcome back')
    await seen(again, () => contents(again).includes('welcome back'))
    expect(contents(again)).toEqual(['hello', 'and to you', 'welcome back'])
    await again.deleteChat()
    expect([contents(again), adas.memory.bytes]).toEqual([[], undefined])
  })

  it('is written nowhere by anybody where the link does not say so', async () => {
    const [adas, bens] = [device(), device()]
    const memory = disk()
    const ada = await place.person('Ada', { chatMemory: adas.chatMemory, roomMemory: () => memory })
    const ben = await place.person('Ben', { chatMemory: bens.chatMemory })
    const link = await ada.manager.createRoomLink({ privacy: 'lan' })
    const [adasRoom, bensRoom] = [await ada.join(link), await ben.join(link)]
    await seen(adasRoom, (view) => connectedNames(view).join() === 'Ben')
    adasRoom.sendMessage('words that nobody keeps')
    await seen(adasRoom, () => isDelivered(adasRoom, 'words that nobody keeps'))
    adasRoom.setEntry('knock')
    await seen(bensRoom, ({ entry }) => entry === 'knock')
    adasRoom.markRead()
    bensRoom.markRead()
    await Promise.all([ada.manager.leaveRoom(adasRoom.roomId), ben.manager.leaveRoom(bensRoom.roomId)])
    expect([adas.asked, bens.asked, adas.memory.saves, bens.memory.saves]).toEqual([[], [], 0, 0])
    const kept = Buffer.from((await memory.load()) ?? new Uint8Array()).toString('latin1')
    expect(kept.length).toBeGreaterThan(100)
    expect(kept).not.toContain('words that nobody keeps')
    expect(adasRoom.view().chatKept).toBe('no')
  })
})
