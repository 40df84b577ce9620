import { gzipSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { BenchFault } from '../page/fault.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

export interface ContenderBundle {
  /** Contender and harness: what its page runs. */
  readonly page: string
  /** gzip bytes of the contender alone: its library and a few lines of glue. */
  readonly gzipBytes: number
}

/** Bundles `contenders/<name>.ts` for the browser, minified, from the workspace's sources. */
export async function bundle(name: string): Promise<ContenderBundle> {
  const contender = `./contenders/${name}.ts`
  const page = await bundleText(`import { join } from '${contender}'
import { start } from './page/harness.ts'
start(join)`)
  const alone = await bundleText(`export { join } from '${contender}'`)
  return { page, gzipBytes: gzipSync(alone, { level: 9 }).byteLength }
}

/** Bundles a module for the browser, minified; its imports are relative to bench/. */
export async function bundleText(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    conditions: ['@p2pigeon/source'],
    // The package's main file expects a bundler with Node polyfills; this is its own browser build.
    alias: { 'simple-peer': 'simple-peer/simplepeer.min.js' },
    logLevel: 'silent',
  })
  const text = outputFiles[0]?.text
  if (text === undefined) throw new BenchFault('the bundler wrote nothing')
  return text
}
