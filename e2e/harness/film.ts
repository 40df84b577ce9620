import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { filmLibrary } from './paths.ts'

const origin = 'https://films.example'

/** A film of noise, a second for each picture: large for its length, so that fetching a part of it can be told from fetching it all. */
export async function makeFilm(page: Page, seconds: number): Promise<Buffer> {
  await page.route(`${origin}/**`, async (route) => {
    const isLibrary = new URL(route.request().url()).pathname === '/library.js'
    await route.fulfill(
      isLibrary
        ? { contentType: 'text/javascript', body: await readFile(filmLibrary) }
        : { contentType: 'text/html', body: '<!doctype html><title>film</title>' },
    )
  })
  await page.goto(`${origin}/`)
  const made = await page.evaluate(
    async ({ library, length }) => {
      const films = (await import(library)) as typeof import('mediabunny')
      const target = new films.BufferTarget()
      const output = new films.Output({ format: new films.Mp4OutputFormat({ fastStart: 'in-memory' }), target })
      const canvas = new OffscreenCanvas(640, 360)
      const pen = canvas.getContext('2d')
      const pictures = new films.CanvasSource(canvas, {
        codec: 'vp9',
        quality: new films.Quality({ bitrate: 4_000_000 }),
        keyFrameInterval: 1,
      })
      output.addVideoTrack(pictures, { frameRate: 1 })
      await output.start()
      const noise = new ImageData(640, 360)
      for (let at = 0; at < length; at += 1) {
        for (let from = 0; from < noise.data.length; from += 65_536)
          crypto.getRandomValues(noise.data.subarray(from, from + 65_536))
        pen?.putImageData(noise, 0, 0)
        await pictures.add(at, 1)
      }
      await output.finalize()
      const url = await new Promise<string>((resolve) => {
        const reader = new FileReader()
        reader.onload = () => {
          resolve(reader.result as string)
        }
        reader.readAsDataURL(new Blob([target.buffer ?? new ArrayBuffer(0)]))
      })
      return url.slice(url.indexOf(',') + 1)
    },
    { library: `${origin}/library.js`, length: seconds },
  )
  return Buffer.from(made, 'base64')
}
