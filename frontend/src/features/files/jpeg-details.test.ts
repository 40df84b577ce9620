import type { UploadFile } from '@p2pigeon/core/files'
import { describe, expect, it } from 'vitest'
import { filesThatTell, withoutDetails } from './jpeg-details.ts'

const segment = (marker: number, content: string): number[] => {
  const bytes = [...new TextEncoder().encode(content)]
  return [0xff, marker, 0, bytes.length + 2, ...bytes]
}
const picture = [...segment(0xdb, 'tables'), 0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xe1, 0, 9, 0xff, 0xd9]
const plain = [0xff, 0xd8, ...segment(0xe0, 'JFIF'), ...picture]
const told = [
  ...[0xff, 0xd8, ...segment(0xe0, 'JFIF')],
  ...segment(0xe1, 'Exif: 52.5 N 13.4 E'),
  ...segment(0xfe, 'a comment'),
  ...picture,
]

function jpeg(bytes: readonly number[], name = 'a.jpg'): UploadFile {
  const data = new Uint8Array(bytes)
  return {
    ...{ path: [], name, mediaType: '', modifiedAtMs: 0 },
    body: { sizeBytes: data.length, slice: (start, end) => Promise.resolve(data.slice(start, end)) },
  }
}

const bytesOf = async (file: UploadFile): Promise<number[]> => [...(await file.body.slice(0, file.body.sizeBytes))]

describe('details of a picture', () => {
  it('are found and taken out, the rest staying byte for byte', async () => {
    const file = jpeg(told)
    expect((await filesThatTell([file, jpeg(plain)])).size).toBe(1)
    const clean = await withoutDetails(file)
    expect(clean.body.sizeBytes).toBe(plain.length)
    expect(await bytesOf(clean)).toEqual(plain)
  })
  it('are found behind fill bytes too', async () => {
    const filled = jpeg([0xff, 0xd8, 0xff, 0xff, ...segment(0xe0, 'JFIF'), 0xff, ...segment(0xe1, 'Exif'), ...picture])
    expect((await filesThatTell([filled])).size).toBe(1)
    expect(new TextDecoder().decode(await (await withoutDetails(filled)).body.slice(0, 200))).not.toContain('Exif')
  })
  it('are gone from every slice of it', async () => {
    const clean = await withoutDetails(jpeg(told))
    for (let start = 0; start < plain.length; start += 3) {
      const end = Math.min(start + 7, plain.length)
      expect([...(await clean.body.slice(start, end))]).toEqual(plain.slice(start, end))
    }
  })
  it('are not looked for in what is no JPEG, is cut off, or has a wrong length', async () => {
    const broken = [0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff, 1]
    expect((await filesThatTell([jpeg(told, 'a.png'), jpeg(broken), jpeg([0xff]), jpeg([])])).size).toBe(0)
    const zero = jpeg([0xff, 0xd8, 0xff, 0xe1, 0, 0, 0xff, 0xe1, 0, 0])
    expect(await withoutDetails(zero)).toBe(zero)
  })
})
