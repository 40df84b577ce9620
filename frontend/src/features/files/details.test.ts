import type { UploadFile } from '@p2pigeon/core/files'
import { expect, it } from 'vitest'
import { lookThrough, withoutDetails } from './details.ts'

const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)]
const start = [0xff, 0xd8, 0xff, 0xe0, 0, 7, ...utf8('JFIF\0')]
const end = [0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9]
const plain = [...start, ...end]
const told = [...start, 0xff, 0xfe, 0, 10, ...utf8('52.5N 13'), ...end]

function fileOf(bytes: readonly number[], name: string): UploadFile {
  const data = new Uint8Array(bytes)
  return {
    ...{ path: [], name, mediaType: '', modifiedAtMs: 0 },
    body: { sizeBytes: data.length, slice: (from, to) => Promise.resolve(data.slice(from, to)) },
  }
}

it('finds pictures that tell by what they are, whatever their name is, and gives others back as they are', async () => {
  const [telling, quiet, text] = [fileOf(told, 'a'), fileOf(plain, 'b.jpg'), fileOf(utf8('just words'), 'c.jpg')]
  expect(await lookThrough([telling, quiet, text])).toEqual({ telling: new Set([telling]), unread: 1 })
  const clean = await withoutDetails(telling)
  expect([...(await clean.body.slice(0, clean.body.sizeBytes))]).toEqual(plain)
  expect([await withoutDetails(quiet), await withoutDetails(text)]).toEqual([quiet, text])
})

it('takes what cannot be read for nothing that it may pass', async () => {
  const gone = fileOf(told, 'a')
  const unreadable = { ...gone, body: { ...gone.body, slice: () => Promise.reject(new TypeError('gone')) } }
  await expect(lookThrough([fileOf(plain, 'b'), unreadable])).rejects.toThrow('gone')
})
