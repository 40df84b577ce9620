import { describe, expect, it } from 'vitest'
import { fileKind, partsOfName } from './file-kind.ts'
import { pastedFiles } from './pasted-files.ts'
import { percent } from './percent.ts'

describe('a file in a line', () => {
  it('never has its ending cut off', () => {
    expect(partsOfName('holiday.jpg.exe')).toEqual({ stem: 'holiday.jpg', ending: '.exe' })
    expect(partsOfName('README')).toEqual({ stem: 'README', ending: '' })
    expect(partsOfName('.profile')).toEqual({ stem: '.profile', ending: '' })
    expect(partsOfName(`a.${'b'.repeat(40)}`).ending).toBe('')
  })

  it('has an icon of its kind, and progress within bounds', () => {
    expect(['image/png', 'video/mp4', 'audio/ogg', 'application/pdf', 'application/zip', 'a/b'].map(fileKind)).toEqual([
      ...['picture', 'film', 'sound', 'text', 'archive', 'other'],
    ])
    expect([-1, 0.004, 0.5, 2].map(percent)).toEqual([0, 0, 50, 100])
  })
})

describe('a paste', () => {
  const files = [new File(['x'], 'image.png')] as unknown as FileList

  it('brings files, unless it has words', () => {
    expect(pastedFiles({ files, types: ['Files'] })).toHaveLength(1)
    expect(pastedFiles({ files, types: ['text/plain', 'Files'] })).toHaveLength(0)
  })
})
