import { expect, it } from 'vitest'
import { chosenFiles, filesWithin } from './dropped.ts'

const file = new File(['x'], 'a.txt')

function fileEntry(): FileSystemEntry {
  const entry = { isFile: true, isDirectory: false, name: file.name, file: (take: (file: File) => void) => take(file) }
  return entry as unknown as FileSystemEntry
}

/** A folder with one thing in it. */
function folderEntry(inside: () => FileSystemEntry): FileSystemEntry {
  const entry = {
    ...{ isFile: false, isDirectory: true, name: 'folder' },
    createReader: () => {
      const batches = [[inside()]]
      return { readEntries: (take: (entries: FileSystemEntry[]) => void) => take(batches.shift() ?? []) }
    },
  }
  return entry as unknown as FileSystemEntry
}

it('finds files within folders, with their way', async () => {
  const [found] = await filesWithin([folderEntry(() => folderEntry(fileEntry))])
  expect(found).toMatchObject({ path: ['folder', 'folder'], name: 'a.txt' })
})

it('takes all or nothing: a folder without end is refused', async () => {
  const endless = (): FileSystemEntry => folderEntry(endless)
  await expect(filesWithin([fileEntry(), endless()])).rejects.toMatchObject({ code: 'too-many-files' })
})

it('takes all or nothing of what was chosen', async () => {
  expect(await chosenFiles([Object.assign(file, { webkitRelativePath: 'sub/a.txt' })])).toMatchObject([
    { path: ['sub'], name: 'a.txt' },
  ])
  await expect(chosenFiles(Array<File>(100_001).fill(file))).rejects.toMatchObject({ code: 'too-many-files' })
})
