import { describe, expect, it } from 'vitest'
import type { ParcelState, ParcelView } from '@p2pigeon/core/chat'
import { fileFault, fileSize, parcelWords } from './file-words.ts'

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

  it('says sizes', () => {
    expect([999, 1_000, 999_499, 999_500, 12_340_000].map(fileSize)).toEqual([
      ...['999 bytes', '1.0 kB', '999 kB', '1.0 MB', '12 MB'],
    ])
    expect(fileSize(undefined)).toBe('size unknown')
  })
})
