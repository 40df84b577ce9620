import { expect, test } from 'vitest'
import type { NodeStatus, OpenedLink, RecentRoom } from '../../session/index.ts'
import { standardPolicy } from '../../session/testing/index.ts'
import { Store } from '../../state/index.ts'
import { text } from '../../text/index.ts'
import { DashboardViewModel, nameOf, nodeWords, type DashboardPorts } from './dashboard-view-model.ts'

const room: RecentRoom = { roomId: 'abc', code: 'secret', name: '', lastUsedAtMs: 0 }

function setUp(part: Partial<DashboardPorts> = {}, linkFault?: string) {
  const went: string[] = []
  const undos: (() => void)[] = []
  const restored: RecentRoom[] = []
  const model = new DashboardViewModel(
    {
      node: new Store<NodeStatus>({ kind: 'checking' }),
      rooms: new Store<readonly RecentRoom[]>([room]),
      standardPolicy,
      createRoom: () => Promise.resolve('made'),
      openLink: () => Promise.resolve<OpenedLink>({ kind: 'opened', roomId: 'opened' }),
      rename: () => Promise.resolve(),
      remove: () => Promise.resolve(room),
      restore: (rooms) => {
        restored.push(...rooms)
        return Promise.resolve()
      },
      forgetAll: () => Promise.resolve([room, room]),
      goToRoom: (roomId) => went.push(roomId),
      offerUndo: (_said, undo) => undos.push(undo),
      now: () => 0,
      ...part,
    },
    linkFault,
  )
  return { model, went, undos, restored }
}

test('a room is made with one click, with the standard policy, or with the one that was chosen', async () => {
  const asked: unknown[] = []
  const { model, went } = setUp({
    createRoom: (policy) => {
      asked.push(policy)
      return Promise.resolve('made')
    },
  })
  await model.createRoom()
  model.choosePrivacy('hidden')
  model.chooseConstantRate(true)
  model.chooseKeepChat(true)
  await model.createRoom()
  expect(asked).toEqual([standardPolicy, { privacy: 'hidden', constantRate: true, keepChat: true }])
  expect(went).toEqual(['made', 'made'])
})

test.each(['link-missing', 'link-truncated', 'link-damaged', 'link-version'])(
  '%s is explained in place',
  async (code) => {
    const { model, went } = setUp({ openLink: () => Promise.resolve({ kind: 'refused', code }) })
    await model.joinByLink('typed')
    expect(went).toEqual([])
    const fault = model.state.get().linkFault
    expect(fault?.title).toBeTruthy()
    expect(`${fault?.title} ${fault?.body}`).not.toContain(code)
    model.linkEdited()
    expect(model.state.get().linkFault).toBeUndefined()
  },
)

test('a link that was refused in the address shows its fault at once', () => {
  expect(setUp({}, 'link-version').model.state.get().linkFault?.title).toContain('newer')
})

test('a good link and a new room lead to their rooms', async () => {
  const { model, went } = setUp()
  await model.joinByLink('typed')
  await model.createRoom()
  expect(went).toEqual(['opened', 'made'])
  expect(model.state.get().creating).toBe(false)
})

test('a room that cannot be made says so and lets one try again', async () => {
  const { model, went } = setUp({ createRoom: () => Promise.reject(new TypeError('no')) })
  await model.createRoom()
  expect(went).toEqual([])
  expect(model.state.get()).toMatchObject({ creating: false, createFault: { title: 'That did not work' } })
})

test('removing one or all rooms can be undone', async () => {
  const { model, undos, restored } = setUp()
  await model.remove('abc')
  undos[0]?.()
  expect(restored).toEqual([room])
  await model.forgetAll()
  undos[1]?.()
  expect(restored).toHaveLength(3)
})

test('a room without a name of its own gets the same two words everywhere', () => {
  expect(nameOf(room)).toMatch(/^\p{Lu}\p{L}+ \p{L}+$/u)
  expect(nameOf(room)).toBe(nameOf({ ...room, lastUsedAtMs: 9 }))
  expect(nameOf({ ...room, name: 'Board' })).toBe('Board')
})

test('the node speaks in words', () => {
  expect(nodeWords({ kind: 'online', network: 'public' })).toEqual({ words: text.node.public, tone: 'good' })
  expect(nodeWords({ kind: 'online', network: 'local' })).toEqual({ words: text.node.local, tone: 'limited' })
  expect(nodeWords({ kind: 'offline' })).toEqual({ words: text.node.offline, tone: 'lost' })
})
