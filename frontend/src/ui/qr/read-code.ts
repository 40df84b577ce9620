import { decodeQR } from 'qr/decode.js'

/** The part of the browser's own reader that is used, where there is one. */
interface Detector {
  detect(image: ImageBitmapSource): Promise<readonly { readonly rawValue: string }[]>
}
interface DetectorWindow {
  readonly BarcodeDetector?: new (options: { formats: readonly string[] }) => Detector
}

/** Larger pictures are made smaller first: a code fills a good part of one, and ours has some hundred cells at most. */
const longestSide = 1_280

let detector: Detector | undefined | 'none' = undefined

/** What a code in a picture says; `undefined` when none is found. */
export async function readCode(
  image: ImageBitmap | HTMLVideoElement,
  canvas: HTMLCanvasElement,
): Promise<string | undefined> {
  const found = await readNatively(image)
  if (found !== undefined) return found
  const [width, height] =
    image instanceof HTMLVideoElement ? [image.videoWidth, image.videoHeight] : [image.width, image.height]
  if (width === 0 || height === 0) return undefined
  const scale = Math.min(1, longestSide / Math.max(width, height))
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) return undefined
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  return decode(context.getImageData(0, 0, canvas.width, canvas.height))
}

/** @internal */
export function decode(image: { width: number; height: number; data: Uint8ClampedArray }): string | undefined {
  try {
    return decodeQR(image)
  } catch {
    // That is how the library says that there is no code, which is the usual case of a camera's picture.
    return undefined
  }
}

async function readNatively(image: ImageBitmapSource): Promise<string | undefined> {
  const { BarcodeDetector } = window as DetectorWindow
  try {
    detector ??= BarcodeDetector ? new BarcodeDetector({ formats: ['qr_code'] }) : 'none'
    if (detector === 'none') return undefined
    const [code] = await detector.detect(image)
    return code?.rawValue
  } catch {
    // Some systems offer a reader that does not work.
    detector = 'none'
    return undefined
  }
}
