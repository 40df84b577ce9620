import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { FakeFileStore } from '../../src/testing/fake-file-store.ts'
import type { ConversationId } from '../../src/chat/index.ts'
import { Town, type Citizen } from './town.ts'

let town: Town
let ada: Citizen
let ben: Citizen
let store: FakeFileStore

beforeEach(async () => {
  town = await Town.withRelays(2)
  // Both use one node.
  store = new FakeFileStore()
  ;[ada, ben] = [town.citizen('Ada'), town.citizen('Ben')]
  for (const citizen of [ada, ben]) citizen.store = store
  ada.knows(ben)
  ben.knows(ada)
})

afterEach(() => town.close())

const bytes = new TextEncoder().encode('the inside of the file')
const file = (name: string) => ({ name, type: 'text/plain', bytes })
const names = (citizen: Citizen, id: ConversationId): (string | undefined)[] =>
  citizen.messenger.messages(id).map((message) => message.file?.name)
const diskOf = ({ disk }: Citizen): string => [...disk.slots.values()].map((all) => Buffer.from(all).toString()).join()
const filesOf = ({ disk }: Citizen): string[] => [...disk.slots.keys()].filter((name) => name.startsWith('chat.file.'))

async function talk(): Promise<ConversationId> {
  await Promise.all([ada.comeHome(), ben.comeHome()])
  return ada.messenger.start([ben.key])
}

it('a file comes as it was sent, and no relay, store or disk has its content', async () => {
  const id = await talk()
  await ada.messenger.files.send(id, file('letter.txt'))
  await ben.until(() => names(ben, id).includes('letter.txt'))
  const message = ben.message(id, 'letter.txt')
  expect(message?.file).toEqual({ name: 'letter.txt', type: 'text/plain', bytes: bytes.length })
  expect(ben.messenger.files.isNear(id, message?.id ?? '')).toBe(true)
  expect(await ben.messenger.files.open(id, message?.id ?? '')).toEqual(bytes)
  await ada.until(() => ada.message(id, 'letter.txt')?.delivery.kind === 'delivered')
  const kept = [...store.files.values()].map((all) => Buffer.from(all).toString()).join()
  for (const place of [kept, diskOf(ada), diskOf(ben)]) expect(place).not.toContain('the inside')
})

it('one that waits outlives a restart, and is told of once', async () => {
  const id = await talk()
  store.isDown = true
  await ada.messenger.files.send(id, file('late.txt'))
  await ada.messenger.send(id, 'a word that does not wait for it')
  ada.goAway()
  store.isDown = false
  await ada.comeHome()
  await ben.until(() => names(ben, id).includes('late.txt'))
  ada.goAway()
  await ada.comeHome()
  await ada.messenger.send(id, 'after that')
  await ben.until(() => ben.received.includes('after that'))
  expect(names(ben, id).filter((name) => name === 'late.txt')).toHaveLength(1)
  expect(store.brought).toHaveLength(1)
})

it('one that its author removes is gone on both sides, its key included', async () => {
  const id = await talk()
  await ada.messenger.files.send(id, file('regretted.txt'))
  await ben.until(() => names(ben, id).includes('regretted.txt'))
  const message = ben.message(id, 'regretted.txt')?.id ?? ''
  await ben.messenger.files.open(id, message)
  expect([filesOf(ada).length, filesOf(ben).length]).toEqual([1, 1])
  await ada.messenger.remove(id, message)
  await ben.until(() => ben.messenger.messages(id).every(({ deleted }) => deleted))
  await vi.waitFor(() => {
    for (const citizen of [ada, ben]) {
      expect(filesOf(citizen)).toEqual([])
      expect(diskOf(citizen)).not.toMatch(/regretted|decryption-key/)
    }
  })
  await expect(ben.messenger.files.open(id, message)).rejects.toMatchObject({ code: 'no-file' })
})

it('a conversation that is deleted leaves no file and no key, sent or waiting', async () => {
  const id = await talk()
  await ada.messenger.files.send(id, file('said.txt'))
  await ada.until(() => names(ada, id).includes('said.txt'))
  store.isDown = true
  await ada.messenger.files.send(id, file('waiting.txt'))
  await ada.messenger.delete(id)
  expect(filesOf(ada)).toEqual([])
  expect(diskOf(ada)).not.toMatch(/said\.txt|waiting\.txt|decryption-key/)
})

it('one of a stranger is not fetched before the user has said so', async () => {
  ben.contacts.clear()
  const id = await talk()
  await ada.messenger.send(id, 'hello')
  await ada.messenger.files.send(id, file('bait.txt'))
  await ben.until(() => names(ben, id).includes('bait.txt'))
  const message = ben.message(id, 'bait.txt')?.id ?? ''
  expect(ben.messenger.files.isNear(id, message)).toBe(false)
  await expect(ben.messenger.files.open(id, message)).rejects.toMatchObject({ code: 'no-file' })
  expect(store.fetched).toEqual([])
  await ben.messenger.accept(id)
  expect(await ben.messenger.files.open(id, message)).toEqual(bytes)
})
