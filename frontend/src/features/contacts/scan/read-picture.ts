import { Fault } from '../../../session/index.ts'

/**
 * The words of a code in a picture file; `undefined` when none is found.
 * @throws {Fault} `no-picture` for a file that is none.
 */
export async function readPicture(file: Blob): Promise<string | undefined> {
  const [{ readCode }, picture] = await Promise.all([
    import('../../../ui/qr/index.ts'),
    createImageBitmap(file).catch((error: unknown) => {
      throw new Fault('no-picture', { cause: error })
    }),
  ])
  try {
    return await readCode(picture, document.createElement('canvas'))
  } finally {
    picture.close()
  }
}
