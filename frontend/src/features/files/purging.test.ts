import { describe, expect, it, vi } from 'vitest'
import { fakeEntry, FakeFault, FakeFiles } from '../../session/testing/index.ts'
import { fileFault, filesText } from '../../text/files/index.ts'
import { FilesViewModel } from './files-view-model.ts'

const words = filesText.purge
const ben = 'peer-Ben' as never

/** Deleted: one's own file of 1,000 bytes, one of somebody else, and a folder with one of each. There: a file of three versions, the middle one Ben's. */
function room() {
  const files = new FakeFiles([
    fakeEntry('own', { isDeleted: true }),
    fakeEntry('foreign', { isDeleted: true, by: ben }),
    fakeEntry('folder', { kind: 'folder', isDeleted: true }),
    fakeEntry('inside', { parent: 'folder', sizeBytes: 500 }),
    fakeEntry('inside of Ben', { parent: 'folder', by: ben }),
    fakeEntry('changed', { versions: 3 }),
  ])
  const said: string[] = []
  const model = new FilesViewModel({
    files,
    toast: (text) => said.push(text),
    announce: () => undefined,
    copy: () => Promise.resolve(),
  })
  const question = () => {
    const { dialog } = model.state.get()
    if (dialog?.kind !== 'purge') throw new Error('nothing is asked')
    return dialog
  }
  const deleted = () =>
    files.view
      .get()
      .deleted()
      .map(({ id }) => id)
  const used = () => {
    const { node } = files.view.get()
    return node.kind === 'ready' ? node.usedBytes : 0
  }
  return { files, model, said, question, deleted, used, answer: () => model.purging.answer(question()) }
}

describe('what was deleted', () => {
  it('is offered for good where one wrote it, and folders are', () => {
    const { model, files } = room()
    const offered = files.view.get().deleted()
    expect(offered.filter((entry) => model.purging.mayPurge(entry)).map(({ id }) => id)).toEqual(['own', 'folder'])
  })

  it('goes once that was confirmed, and what is used falls', async () => {
    const { model, said, question, deleted, used, answer } = room()
    const before = used()
    model.askToPurge(['own'])
    expect(question()).toMatchObject({ title: words.title(1, 'own'), phase: { kind: 'asking' } })
    expect([model.purging.left(question().wishes), deleted()]).toEqual([
      { versions: 1, bytes: 1_000 },
      expect.arrayContaining(['own']),
    ])
    await answer()
    expect(model.state.get().dialog).toBeUndefined()
    expect([deleted().includes('own'), before - used(), said]).toEqual([false, 1_000, [words.done(1, '1.0 kB')]])
  })

  it('goes all at once, but for what others wrote', async () => {
    const { model, said, question, deleted, answer } = room()
    model.askToPurgeAll()
    expect(model.purging.left(question().wishes)).toEqual({ versions: 2, bytes: 1_500 })
    await answer()
    expect([deleted(), said]).toEqual([['foreign', 'folder'], [words.done(2, '1.5 kB')]])
  })

  it('is asked for only once while it is done', async () => {
    const { files, model, question, answer } = room()
    const purge = vi.spyOn(files, 'purge')
    model.askToPurge(['own'])
    const first = answer()
    expect(question().phase).toEqual({ kind: 'busy' })
    await Promise.all([first, answer()])
    expect(purge).toHaveBeenCalledTimes(1)
  })

  it('and that failed in the middle is told of with what is left, which goes with the next try', async () => {
    const { files, model, said, question, deleted, answer } = room()
    const purge = files.purge.bind(files)
    files.purge = (id) => (id === 'folder' ? Promise.reject(new FakeFault('node-unreachable')) : purge(id))
    model.askToPurgeAll()
    await answer()
    expect(question().phase).toEqual({ kind: 'failed', code: 'node-unreachable' })
    expect([deleted(), model.purging.rest(question().wishes, 'node-unreachable')]).toEqual([
      ['foreign', 'folder'],
      words.left(1, '500 bytes'),
    ])
    files.purge = purge
    await answer()
    expect([model.state.get().dialog, said]).toEqual([undefined, [words.done(1, '500 bytes')]])
  })

  it('and that the node could not clear yet is told of as gone', async () => {
    const { files, model, question, answer } = room()
    const purge = files.purge.bind(files)
    files.purge = async (id) => {
      await purge(id)
      throw new FakeFault('node-unreachable')
    }
    model.askToPurge(['own'])
    await answer()
    expect(question().phase).toEqual({ kind: 'failed', code: 'node-unreachable' })
    expect(model.purging.rest(question().wishes, 'node-unreachable')).toBe(words.later)
  })

  it('and was restored at the last moment is not told of as gone', async () => {
    const { files, model, question, answer } = room()
    files.purge = async (id) => {
      await files.restore([id])
      throw new FakeFault('nothing-to-purge')
    }
    model.askToPurge(['own'])
    await answer()
    expect(model.purging.rest(question().wishes, 'nothing-to-purge')).toBe(fileFault('nothing-to-purge').body)
  })

  it('is told of where whoever asked has closed the question meanwhile, and nothing else is closed', async () => {
    const { files, model, said, answer } = room()
    files.fault = 'disk-full'
    model.askToPurge(['own'])
    const done = answer()
    model.closeDialog()
    model.ask({ kind: 'copies' })
    await done
    expect(model.state.get().dialog).toEqual({ kind: 'copies' })
    expect(said).toEqual([`${fileFault('disk-full').title}. ${words.left(1, '1.0 kB')}`])
  })

  it('has the node say what is used as soon as it is looked at', () => {
    const { files, model } = room()
    model.showDeleted()
    expect(files.asked).toBe(1)
  })
})

describe('a former version', () => {
  it('goes for good, and the others are shown again', async () => {
    const { files, model, answer, said } = room()
    const objects = () =>
      files.view
        .get()
        .versions('changed')
        .map(({ object }) => object)
    model.askToPurgeVersion('changed', 'changed-2')
    await answer()
    expect(objects()).toEqual(['changed-0', 'changed-1'])
    expect([model.state.get().dialog, said]).toEqual([
      { kind: 'versions', id: 'changed' },
      [words.done(1, '800 bytes')],
    ])
  })

  it('stays where the question is closed', () => {
    const { files, model } = room()
    model.askToPurgeVersion('changed', 'changed-2')
    model.closeDialog()
    expect(files.view.get().versions('changed')).toHaveLength(3)
    expect(model.state.get().dialog).toEqual({ kind: 'versions', id: 'changed' })
  })

  it('of somebody else, or that is the present one, is not gone by it', async () => {
    const { files, model, said, answer } = room()
    for (const object of ['changed-0', 'changed-1']) {
      model.askToPurgeVersion('changed', object)
      await answer()
    }
    expect(files.view.get().versions('changed')).toHaveLength(3)
    expect(said).toEqual([words.none, words.none])
  })
})
