import { describe, expect, it } from 'vitest'
import { drive, id, put } from '../../../test/files/authors.ts'
import type { PeerId } from '../../identity/index.ts'
import { webRandom } from '../../runtime/platform/index.ts'
import { AuthenticationError } from '../../errors/index.ts'
import type { Op } from '../journal/index.ts'
import { rootNode as top } from '../ids.ts'
import { maxDepth } from '../limits.ts'
import { Tree } from '../tree/index.ts'
import { Deeds } from './deeds.ts'

/** Deeds whose ops are in the tree as soon as they are written. */
class Desk {
  readonly tree = new Tree()
  mayWrite = true
  written = 0
  readonly deeds = new Deeds({
    tree: () => this.tree,
    random: webRandom,
    writing: {
      check: () => this.#check(),
      write: async (ops) => {
        this.#check()
        this.write(ops(this.written + 1))
      },
    },
  })

  write(ops: readonly Op[]): void {
    const number = this.written++
    this.tree.add([{ drive, author: 'peer' as PeerId, number, epoch: 0, master: id(0), hash: '', ops }])
  }

  file(name: string, parent = top): string {
    const node = id(100 + this.written)
    this.write([{ ...put, clock: this.written + 1, node, parent, name, object: node, replaces: undefined }])
    return node
  }

  names(parent = top): string[] {
    return this.tree.list(parent).map(({ name }) => name)
  }

  #check(): void {
    if (!this.mayWrite) throw new AuthenticationError('no-right', 'as the test wishes')
  }
}

const fails = (code: string): unknown => expect.objectContaining({ code })

describe('deeds', () => {
  it('make, name, move and delete, and names are written clean', async () => {
    const desk = new Desk()
    const folder = await desk.deeds.createFolder(top, ' a/b\u202E ')
    const file = desk.file('plan')
    await desk.deeds.move([file], folder)
    await desk.deeds.rename(file, 'PLAN')
    expect([desk.names(), desk.names(folder)]).toEqual([['b'], ['PLAN']])
    await desk.deeds.remove([folder])
    expect(desk.names()).toEqual([])
  })

  it('refuse names that are taken or empty, and folders that are none', async () => {
    const desk = new Desk()
    const { deeds } = desk
    const folder = await deeds.createFolder(top, 'Docs')
    const file = desk.file('plan')
    await expect(deeds.createFolder(top, 'docs')).rejects.toEqual(fails('name-taken'))
    await expect(deeds.rename(file, 'DOCS')).rejects.toEqual(fails('name-taken'))
    await expect(deeds.rename(file, '\u200B ')).rejects.toEqual(fails('bad-name'))
    await expect(deeds.createFolder(file, 'inside')).rejects.toEqual(fails('not-a-folder'))
    await expect(deeds.move([folder], file)).rejects.toEqual(fails('not-a-folder'))
    expect(desk.names()).toEqual(['Docs', 'plan'])
  })

  it('refuse what is not there', async () => {
    const desk = new Desk()
    const { deeds } = desk
    const folder = await deeds.createFolder(top, 'Docs')
    const file = desk.file('plan', folder)
    await deeds.remove([folder])
    const gone = id(77)
    for (const deed of [
      () => deeds.createFolder(folder, 'inside'),
      () => deeds.rename(gone, 'x'),
      () => deeds.rename(file, 'x'),
      () => deeds.move([file], top),
      () => deeds.move([], gone),
      () => deeds.remove([gone]),
      () => deeds.restore([gone]),
      () => deeds.restoreVersion(file, gone),
    ]) {
      await expect(deed()).rejects.toEqual(fails('file-unknown'))
    }
    desk.mayWrite = false
    await expect(deeds.restore([folder])).rejects.toEqual(fails('no-right'))
  })

  it('put no folder into itself, nor deeper than the bound', async () => {
    const desk = new Desk()
    const { deeds } = desk
    const outer = await deeds.createFolder(top, 'outer')
    const inner = await deeds.createFolder(outer, 'inner')
    await expect(deeds.move([outer], inner)).rejects.toEqual(fails('into-itself'))
    await expect(deeds.move([inner, outer], outer)).rejects.toEqual(fails('into-itself'))
    let low = inner
    for (let depth = 2; depth < maxDepth; depth++) low = await deeds.createFolder(low, 'deeper')
    await expect(deeds.createFolder(low, 'too deep')).rejects.toEqual(fails('too-deep'))
    const other = await deeds.createFolder(top, 'other')
    await expect(deeds.move([outer], other)).rejects.toEqual(fails('too-deep'))
    await deeds.move([desk.file('plan')], low)
    expect(desk.names(low)).toEqual(['plan'])
  })

  it('bring back what was deleted, out of a folder that stays deleted', async () => {
    const desk = new Desk()
    const { deeds } = desk
    const outer = await deeds.createFolder(top, 'outer')
    const inner = await deeds.createFolder(outer, 'inner')
    const file = desk.file('plan', inner)
    await deeds.remove([file])
    await deeds.remove([inner])
    await deeds.restore([file])
    expect([desk.names(), desk.names(outer)]).toEqual([['outer'], ['plan']])
    await deeds.remove([file, outer])
    await deeds.restore([outer, inner, file])
    expect([desk.names(), desk.names(outer)]).toEqual([['outer'], ['inner', 'plan']])
  })

  it('make an older version the present one', async () => {
    const desk = new Desk()
    const file = desk.file('plan')
    desk.write([{ ...put, clock: desk.written + 1, node: file, object: id(50), replaces: file }])
    await desk.deeds.restoreVersion(file, file)
    expect(desk.tree.node(file)?.version?.put.object).toBe(file)
  })
})
