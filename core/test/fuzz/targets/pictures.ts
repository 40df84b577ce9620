import { readDetails, withoutDetails } from '../../../src/pictures/index.ts'
import {
  bodyOf,
  exifOf,
  jpegImage,
  jpegSegment,
  jpegStart,
  pngChunk,
  pngSignature,
  webpChunk,
  webpFlags,
  webpOf,
} from '../../pictures.ts'
import { bytesOf, target } from '../target.ts'

/** Pictures are taken whatever they are; what comes out tells nothing any more. */
export const details = target({
  name: 'picture-details',
  seeds: () => [
    bytesOf(
      new Uint8Array([...jpegStart, ...jpegSegment(0xe1, exifOf(6)), ...jpegSegment(0xfe, 'a comment'), ...jpegImage]),
    ),
    bytesOf(
      new Uint8Array([
        ...pngSignature,
        ...pngChunk('IHDR', 'size'),
        ...pngChunk('tEXt', 'a\0b'),
        ...pngChunk('IEND', ''),
      ]),
    ),
    bytesOf(new Uint8Array(webpOf([...webpFlags(0x0c), ...webpChunk('VP8 ', 'image'), ...webpChunk('EXIF', 'place')]))),
  ],
  decode: async (input) => {
    const clean = withoutDetails(bodyOf(input), await readDetails(bodyOf(input)))
    return clean.slice(0, clean.sizeBytes)
  },
  encode: (clean) => clean,
  form: 'clean',
  words: [
    'Exif\0\0MM\0*',
    'eXIf',
    'tEXt',
    'IEND',
    'EXIF',
    'XMP ',
    'VP8X',
    new Uint8Array([0xff, 0xe1]),
    new Uint8Array([0xff, 0xd9]),
  ],
})
