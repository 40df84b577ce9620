import type { UploadFile } from '@p2pigeon/core/files'
import { describe, expect, it, vi } from 'vitest'
import { fakeEntry, FakeFiles } from '../../session/testing/index.ts'
import { filesText as words } from '../../text/files/index.ts'
import { FilesViewModel } from './files-view-model.ts'

function opened(files = new FakeFiles()) {
  const said: string[] = []
  /** The undo of what was said last. */
  let undo: (() => void) | undefined
  const model = new FilesViewModel({
    files,
    toast: (text, options) => {
      said.push(text)
      undo = options?.action?.run
    },
    announce: () => undefined,
    copy: () => Promise.resolve(),
  })
  return { files, model, said, undo: () => undo?.() }
}

const unreadable = () => Promise.reject(new DOMException('gone', 'NotFoundError'))

function upload(name: string, slice: UploadFile['body']['slice']): UploadFile {
  return { path: [], name, mediaType: '', modifiedAtMs: 0, body: { sizeBytes: 100, slice } }
}

describe('what is dropped', () => {
  it('is uploaded into the folder that is shown', async () => {
    const { files, model } = opened()
    const file = upload('a.txt', unreadable)
    await model.uploadFound(Promise.resolve([file]))
    expect(files.uploads).toEqual([{ parent: model.state.get().folder, files: [file] }])
  })

  it('is told of where not all of it could be queued', async () => {
    const { files, model, said } = opened()
    files.isCrowded = true
    await model.uploadFound(Promise.resolve([upload('a.txt', unreadable)]))
    expect(said).toEqual([expect.stringContaining('Some were left out')])
  })

  it('and cannot be read is told of', async () => {
    const { files, model, said } = opened()
    await model.uploadFound(unreadable())
    expect(files.uploads).toEqual([])
    expect(said).toEqual([words.unreadable])
  })
})

it('a picture whose details cannot be taken out any more is not uploaded, which is told', async () => {
  const { files, model, said } = opened()
  const file = upload('a.jpg', unreadable)
  model.ask({ kind: 'details', parent: 'folder', files: [file], telling: new Set([file]), unread: 0 })
  await model.answerDetails('strip')
  expect(files.uploads).toEqual([])
  expect(said).toEqual([words.unreadable])
})

it('nothing is uploaded in a room that hides where one of them cannot be looked at, which is told', async () => {
  const { files, model, said } = opened()
  files.hidesDetails = true
  await model.upload([upload('a.txt', () => Promise.resolve(new Uint8Array(12))), upload('b.jpg', unreadable)])
  expect([files.uploads, said]).toEqual([[], [words.unreadable]])
})

describe('several files that are saved', () => {
  const three = ['a.txt', 'b.txt', 'c.txt']

  it('are saved one after the other', async () => {
    const { files, model } = opened(new FakeFiles(three.map((name) => fakeEntry(name))))
    await model.download(three)
    expect(files.saved).toEqual(three)
  })

  it('end at the one for which the browser asked in vain', async () => {
    const { files, model, said } = opened(new FakeFiles(three.map((name) => fakeEntry(name))))
    const save = files.save.bind(files)
    files.save = (id) => (id === 'b.txt' ? Promise.reject(new DOMException('no', 'AbortError')) : save(id))
    await model.download(three)
    expect(files.saved).toEqual(['a.txt'])
    expect(said).toEqual([])
  })
})

describe('what was done by mistake', () => {
  const folders = ['here', 'there'].map((name) => fakeEntry(name, { id: name, kind: 'folder' }))
  const placed = () =>
    opened(new FakeFiles([...folders, fakeEntry('a', { id: 'a', parent: 'here' }), fakeEntry('b', { id: 'b' })]))

  it('goes back each to its own place', async () => {
    const { files, model, said, undo } = placed()
    const parents = () => ['a', 'b'].map((id) => files.view.get().entry(id)?.parent)
    const before = parents()
    await model.move(['a', 'b'], 'there')
    expect(parents()).toEqual(['there', 'there'])
    undo()
    await vi.waitFor(() => expect(said).toHaveLength(2))
    expect([parents(), said]).toEqual([before, [words.moved(2, 'there'), words.movedBack(2, 'a')]])
  })

  it('comes back by the key as well, once', async () => {
    const { files, model, said } = placed()
    expect(model.undo()).toBe(false)
    await model.remove(['a'])
    expect([model.undo(), model.undo()]).toEqual([true, false])
    await vi.waitFor(() => expect(said).toHaveLength(2))
    expect(files.view.get().entry('a')?.parent).toBe('here')
  })

  it('comes back where it was deleted', async () => {
    const { files, model, said, undo } = placed()
    await model.remove(['a'])
    expect(files.view.get().entry('a')).toBeUndefined()
    undo()
    await vi.waitFor(() => expect(said).toEqual([words.removed(1, 'a'), words.restored(1, 'a')]))
    expect(files.view.get().entry('a')?.parent).toBe('here')
  })

  it('is told of where it cannot be undone', async () => {
    const { files, model, said, undo } = placed()
    await model.move(['a'], 'there')
    files.fault = 'node-unreachable'
    undo()
    await vi.waitFor(() => expect(said).toHaveLength(2))
    expect([files.view.get().entry('a')?.parent, said[0]]).toEqual(['there', words.moved(1, 'there')])
  })
})

it('says of films and documents in a room that hides that nobody has looked into them, and uploads them', async () => {
  const { files, model, said } = opened()
  files.hidesDetails = true
  await model.upload([upload('a.mov', () => Promise.resolve(new Uint8Array(12)))])
  expect([said, files.uploads.length]).toEqual([[words.metadata.unread(1)], 1])
})
