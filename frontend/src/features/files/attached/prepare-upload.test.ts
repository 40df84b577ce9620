import { expect, it } from 'vitest'
import { detailsOf, prepareUpload } from './prepare-upload.ts'

const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)]
const end = [0xff, 0xda, 0, 2, 1, 2, 3, 4, 5, 6, 0xff, 0xd9]
const plain = [0xff, 0xd8, ...end]
const told = [0xff, 0xd8, 0xff, 0xfe, 0, 10, ...utf8('52.5N 13'), ...end]
const heic = [0, 0, 0, 24, ...utf8('ftypheic'), ...utf8('52.5N 13')]
const fileOf = (bytes: readonly number[], name: string, type: string): File =>
  new File([new Uint8Array(bytes)], name, { type })

async function uploaded(file: File, hidesDetails: boolean): Promise<number[]> {
  const { body } = await prepareUpload(file, hidesDetails)
  return [...(await body.slice(0, body.sizeBytes))]
}

/** Its reads fail from the given one on, as those of a disk that is taken out. */
function failing(bytes: readonly number[], from: number): File {
  const file = fileOf(bytes, 'a.jpg', 'image/jpeg')
  let reads = 0
  const slice = (start?: number, stop?: number): Blob => {
    if (++reads >= from) throw new DOMException('gone', 'NotReadableError')
    return Blob.prototype.slice.call(file, start, stop)
  }
  return Object.assign(file, { slice })
}

it('leaves out what a picture tells only where the room hides, and says so by its bytes', async () => {
  const picture = fileOf(told, 'a.txt', 'text/plain')
  expect(await uploaded(picture, true)).toEqual(plain)
  expect(await uploaded(picture, false)).toEqual(told)
  expect(await detailsOf(picture)).toBe('cleanable')
})

it('does not say of a HEIC that is called a JPEG that something is taken out: nothing is', async () => {
  const disguised = fileOf(heic, 'a.jpg', 'image/jpeg')
  expect(await detailsOf(disguised)).toBe('unread')
  expect(await uploaded(disguised, true)).toEqual(heic)
})

it.each([1, 2, 3])('uploads nothing of a picture whose read %i fails', async (from) => {
  await expect(prepareUpload(failing(told, from), true)).rejects.toMatchObject({ code: 'file-unreadable' })
})

it('says nothing of what cannot be read', async () => {
  expect(await detailsOf(failing(told, 1))).toBe('unknown')
})
