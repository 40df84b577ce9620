import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lookHere, namesHere } from './sides.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pigeon-sides-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

it('what is here and is not synced is hidden, and does not pass for deleted', async () => {
  await mkdir(join(folder, '.git'))
  await writeFile(join(folder, '.git', 'head'), 'x')
  await writeFile(join(folder, 'plain.txt'), 'x')
  await symlink('plain.txt', join(folder, 'Link.txt'))
  const { files, hidden, problems } = await lookHere(folder)
  expect([...files.keys()]).toEqual(['plain.txt'])
  expect([...hidden].sort()).toEqual(['.git', 'link.txt'])
  expect(problems).toEqual([{ path: '.git', code: 'name-not-possible' }])
})

it('of two folders that differ in case alone the second one is told of, and what is in it is hidden', async () => {
  await mkdir(join(folder, 'Docs'))
  // On a disk that takes both for one there is nothing to collide.
  const isOne = await mkdir(join(folder, 'docs')).then(
    () => false,
    () => true,
  )
  await writeFile(join(folder, 'docs', 'plan.txt'), 'x')
  const { hidden, problems } = await lookHere(folder)
  expect([...hidden]).toEqual(isOne ? [] : ['docs'])
  expect(problems).toEqual(isOne ? [] : [{ path: 'docs', code: 'name-collision' }])
})

it('a folder of the room is the one that is here under another case', async () => {
  await mkdir(join(folder, 'docs', 'Old'), { recursive: true })
  const here = await lookHere(folder)
  expect(namesHere(here, ['Docs', 'OLD', 'New'])).toEqual(['docs', 'Old', 'New'])
  expect(namesHere(here, ['Other', 'old'])).toEqual(['Other', 'old'])
  expect(namesHere(here, [])).toEqual([])
})
