import { describe, expect, it } from 'vitest'
import type { ParcelState, ParcelView } from '@p2pigeon/core/chat'
import { fileFault, fileKind, fileSize, parcelWords, partsOfName, percent } from './file-words.ts'
import { pastedFiles } from './pasted-files.ts'

const parcel = (state: ParcelState): ParcelView => ({
  ...{ id: '1', name: 'a', type: 'text/plain', bytes: 1, width: undefined, height: undefined },
  state,
})

describe('words of files', () => {
  it('says how one on its way stands', () => {
    const waiting: ParcelState = { kind: 'waiting' }
    const sending: ParcelState = { kind: 'sending', part: 0.425 }
    expect(parcelWords(sending, [], true)).toBe('Sending, 43 %')
    expect(parcelWords(waiting, [parcel(waiting)], true)).toBe('Waiting for the store')
    expect(parcelWords(waiting, [parcel(sending), parcel(waiting)], true)).toBe('Waiting for its turn')
    expect(parcelWords(waiting, [parcel(waiting)], false)).toBe('Your node keeps no files')
    expect(parcelWords({ kind: 'failed', code: 'store-full' }, [], true)).toBe('The store has no room')
  })

  it('has words for every fault, and general ones for what nobody knows', () => {
    expect(fileFault('file-damaged').title).toBe('This file is damaged')
    for (const code of ['constructor', '__proto__', 'no-such-code']) {
      expect(fileFault(code).title).toBeTruthy()
      expect(fileFault(code).body).not.toContain(code)
    }
  })

  it('never cuts an ending off', () => {
    expect(partsOfName('holiday.jpg.exe')).toEqual({ stem: 'holiday.jpg', ending: '.exe' })
    expect(partsOfName('README')).toEqual({ stem: 'README', ending: '' })
    expect(partsOfName('.profile')).toEqual({ stem: '.profile', ending: '' })
    expect(partsOfName(`a.${'b'.repeat(40)}`).ending).toBe('')
  })

  it('says sizes and kinds', () => {
    expect([999, 1_000, 999_499, 999_500, 12_340_000].map(fileSize)).toEqual([
      ...['999 B', '1 kB', '999 kB', '1.0 MB', '12.3 MB'],
    ])
    expect(fileSize(undefined)).toBe('size unknown')
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
