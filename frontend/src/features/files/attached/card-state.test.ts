import { expect, it } from 'vitest'
import { fakeEntry, FakeFiles } from '../../../session/testing/index.ts'
import { cardState } from './card-state.ts'

it('tells a file that is there from one that was deleted, and from what nobody has shown', async () => {
  const files = new FakeFiles([
    fakeEntry('plan.pdf', { id: 'plan' }),
    fakeEntry('Chat', { id: 'chat', kind: 'folder', versions: 0 }),
  ])
  const kind = (id: string): string => cardState(files.view.get(), { id }).kind
  expect([kind('plan'), kind('chat'), kind('never')]).toEqual(['there', 'unknown', 'unknown'])
  await files.remove(['plan'])
  expect(kind('plan')).toBe('deleted')
  await files.restore(['plan'])
  expect(kind('plan')).toBe('there')
})

it('tells of a file that was deleted for good that it was', async () => {
  const files = new FakeFiles([fakeEntry('plan.pdf', { id: 'plan' })])
  await files.remove(['plan'])
  for (const { object } of files.view.get().versions('plan')) await files.purge('plan', object)
  expect(files.view.get().versions('plan')).toEqual([])
  expect(cardState(files.view.get(), { id: 'plan' }).kind).toBe('deleted')
})
