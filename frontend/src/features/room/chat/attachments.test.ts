import { expect, it, vi } from 'vitest'
import type { MessageFile } from '@p2pigeon/core'
import type { UploadFile } from '@p2pigeon/core/files'
import { Fault, type FilesState } from '../../../session/index.ts'
import { FakeFiles } from '../../../session/testing/index.ts'
import { Store } from '../../../state/index.ts'
import { Attachments } from './attachments.ts'

/** A composer's attachments over fake files, which open when they are asked for. */
function scene(opened: (files: FakeFiles) => FilesState = (files) => ({ kind: 'open', files })) {
  const files = new FakeFiles()
  const state = new Store<FilesState>({ kind: 'closed' })
  const sent: (readonly [string, readonly MessageFile[]])[] = []
  const told: number[] = []
  const unreadable = new Set<string>()
  const attachments = new Attachments({
    files: { state, open: () => state.set(opened(files)) },
    folder: 'Chat',
    prepare: async (file): Promise<UploadFile> => {
      if (unreadable.has(file.name)) throw new Fault('file-unreadable')
      const { name, type, size, lastModified } = file
      const slice = async () => new Uint8Array(await file.arrayBuffer())
      return { path: [], name, mediaType: type, modifiedAtMs: lastModified, body: { sizeBytes: size, slice } }
    },
    send: (content, said) => {
      sent.push([content, said])
      return content !== 'refused'
    },
    tooMany: (most) => told.push(most),
  })
  attachments.start()
  const kinds = (): readonly string[] => attachments.state.get().onWay.map((one) => one.state.kind)
  const keyOf = (name: string): number => {
    const { staged, onWay } = attachments.state.get()
    return [...staged, ...onWay].find((one) => one.name === name)?.key ?? -1
  }
  const transferOf = (name: string): string => {
    return [...files.attached].find(([, { file }]) => file.name === name)?.[0] ?? ''
  }
  return { files, state, sent, told, unreadable, attachments, kinds, keyOf, transferOf }
}

const file = (name: string, content = 'x'): File => new File([content], name, { type: 'text/plain' })

it('uploads nothing before its message is sent, and sends that when all of its files are there', async () => {
  const { files, sent, attachments, kinds, transferOf } = scene()
  attachments.stage([file('a.txt', 'abc'), file('b.txt')])
  expect(attachments.state.get().staged.map(({ name }) => name)).toEqual(['a.txt', 'b.txt'])
  attachments.post('two files')
  await vi.waitFor(() => expect(kinds()).toEqual(['waiting', 'waiting']))
  expect([...files.attached.values()].map(({ folder }) => folder)).toEqual(['Chat', 'Chat'])
  files.progress(transferOf('a.txt'), { kind: 'running', bytesPerSecond: 1, secondsLeft: 1 }, 2)
  expect(attachments.state.get().onWay[0]).toMatchObject({ doneBytes: 2, sizeBytes: 3, state: { kind: 'running' } })
  const second = files.arrive(transferOf('b.txt'))
  expect([kinds(), sent]).toEqual([['running', 'done'], []])
  const first = files.arrive(transferOf('a.txt'))
  const said = { mediaType: 'text/plain' }
  expect(sent).toEqual([
    [
      'two files',
      [
        { ...said, id: first, name: 'a.txt', sizeBytes: 3 },
        { ...said, id: second, name: 'b.txt', sizeBytes: 1 },
      ],
    ],
  ])
  expect(attachments.state.get()).toEqual({ staged: [], onWay: [], returned: '' })
})

it('sends without a file that was cancelled, here or among the transfers, and gives the words of a message without any back', async () => {
  const { files, sent, attachments, kinds, keyOf, transferOf } = scene()
  attachments.stage([file('a.txt'), file('b.txt'), file('c.txt')])
  attachments.cancel(keyOf('c.txt'))
  attachments.post('words')
  await vi.waitFor(() => expect(kinds()).toEqual(['waiting', 'waiting']))
  files.arrive(transferOf('b.txt'))
  attachments.cancel(keyOf('a.txt'))
  expect(sent.map(([content, said]) => [content, said.map(({ name }) => name)])).toEqual([['words', ['b.txt']]])
  expect(files.transfers.get().map(({ name }) => name)).toEqual(['b.txt'])

  attachments.stage([file('d.txt')])
  attachments.post('more words')
  await vi.waitFor(() => expect(kinds()).toEqual(['waiting']))
  files.progress(transferOf('d.txt'), { kind: 'paused' })
  files.cancel(transferOf('d.txt'))
  expect([attachments.takeReturned(), attachments.takeReturned(), sent.length]).toEqual(['more words', '', 1])
})

it('says why one failed, and goes on with it when asked', async () => {
  const { files, sent, unreadable, attachments, kinds, keyOf, transferOf } = scene()
  unreadable.add('folder')
  attachments.stage([file('folder'), file('a.txt')])
  attachments.post('')
  await vi.waitFor(() => expect(kinds()).toEqual(['failed', 'waiting']))
  expect(attachments.state.get().onWay[0]?.state).toEqual({ kind: 'failed', code: 'file-unreadable' })
  files.progress(transferOf('a.txt'), { kind: 'failed', code: 'quota-exceeded' })
  expect(kinds()).toEqual(['failed', 'failed'])
  unreadable.clear()
  for (const name of ['folder', 'a.txt']) attachments.retry(keyOf(name))
  await vi.waitFor(() => expect(kinds()).toEqual(['waiting', 'running']))
  for (const name of ['folder', 'a.txt']) files.arrive(transferOf(name))
  expect(sent).toHaveLength(1)
})

it('fails with what keeps the files from opening, and with too much on the way', async () => {
  const closed = scene(() => ({ kind: 'failed', code: 'vault-locked' }))
  closed.attachments.stage([file('a.txt')])
  closed.attachments.post('')
  await vi.waitFor(() => expect(closed.kinds()).toEqual(['failed']))
  expect(closed.attachments.state.get().onWay[0]?.state).toEqual({ kind: 'failed', code: 'vault-locked' })

  const crowded = scene()
  crowded.files.isCrowded = true
  crowded.attachments.stage([file('a.txt')])
  crowded.attachments.post('')
  await vi.waitFor(() => expect(crowded.kinds()).toEqual(['failed']))
  expect(crowded.attachments.state.get().onWay[0]?.state).toEqual({ kind: 'failed', code: 'too-many-transfers' })
})

it('takes as many as a message has, and gives words back that the room did not take', async () => {
  const { files, attachments, told, kinds, transferOf } = scene()
  attachments.stage(Array.from({ length: 12 }, (_, index) => file(`${index}.txt`)))
  expect([attachments.state.get().staged.length, told]).toEqual([10, [10]])
  for (const { key } of attachments.state.get().staged.slice(1)) attachments.cancel(key)
  attachments.post('refused')
  await vi.waitFor(() => expect(kinds()).toEqual(['waiting']))
  files.arrive(transferOf('0.txt'))
  expect(attachments.takeReturned()).toBe('refused')
})

it('leaves nothing in the folder of what no message speaks of', async () => {
  const { files, sent, attachments, kinds, keyOf, transferOf } = scene()
  attachments.stage([file('late.txt'), file('early.txt'), file('slow.txt')])
  attachments.post('three files')
  await vi.waitFor(() => expect(kinds()).toEqual(['waiting', 'waiting', 'waiting']))
  const [late, slow] = [transferOf('late.txt'), transferOf('slow.txt')]
  const early = files.arrive(transferOf('early.txt'))
  attachments.cancel(keyOf('early.txt'))
  attachments.cancel(keyOf('late.txt'))
  // It was being written, in the end, which nothing stops.
  const written = files.arrive(late)
  const kept = files.arrive(slow)
  expect(sent.map(([, said]) => said.map(({ id }) => id))).toEqual([[kept]])
  expect([early, written, kept].map((id) => files.view.get().entry(id)?.name)).toEqual([
    undefined,
    undefined,
    'slow.txt',
  ])

  attachments.stage([file('a.txt')])
  attachments.post('refused')
  await vi.waitFor(() => expect(kinds()).toEqual(['waiting']))
  const refused = files.arrive(transferOf('a.txt'))
  expect([attachments.takeReturned(), files.view.get().entry(refused)]).toEqual(['refused', undefined])
})
