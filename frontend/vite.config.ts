import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { build, defineConfig, type Plugin } from 'vite'

const nodePort = process.env['PIGEON_NODE_PORT'] ?? '3060'
const compressible = /\.(?:js|css|html|svg|json)$/
/** Below this a compressed copy saves no packet. */
const minCompressedBytes = 1_024

/** Writes `.gz` and `.br` beside every text file of the build, for servers that send them as they are. */
function precompress(): Plugin {
  let folder = 'dist'
  return {
    name: 'precompress',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir)
    },
    async closeBundle() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true })
      const files = entries.filter((entry) => entry.isFile() && compressible.test(entry.name))
      await Promise.all(
        files.map(async (file) => {
          const path = join(file.parentPath, file.name)
          const bytes = await readFile(path)
          if (bytes.length < minCompressedBytes) return
          const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
          await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }))
          await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, quality))
        }),
      )
    },
  }
}

/** Scripts of the frames that show files, each whole in one file: their origin may load no modules. */
const viewers = ['pdf', 'pdf-worker', 'film'] as const

async function bundleViewer(name: (typeof viewers)[number]): Promise<string> {
  const result = await build({
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: resolve(import.meta.dirname, `src/viewers/${name}.ts`), formats: ['iife'], name: 'viewer' },
    },
  })
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((part) => ('output' in part ? part.output : []))
  const chunk = outputs.find((output) => output.type === 'chunk')
  if (!chunk) throw new Error(`the viewer ${name} has no script`)
  return chunk.code
}

function viewerScripts(): Plugin {
  const fileOf = (name: string): string => `preview-${name}.js`
  return {
    name: 'viewer-scripts',
    configureServer(server) {
      for (const name of viewers) {
        server.middlewares.use(`/${fileOf(name)}`, (_request, response, next) => {
          bundleViewer(name).then((code) => {
            response.setHeader('Content-Type', 'text/javascript')
            response.end(code)
          }, next)
        })
      }
    },
    async generateBundle() {
      for (const name of viewers) {
        this.emitFile({ type: 'asset', fileName: fileOf(name), source: await bundleViewer(name) })
      }
    },
  }
}

export default defineConfig({
  plugins: [react(), tailwindcss(), viewerScripts(), precompress()],
  resolve: { conditions: ['@p2pigeon/source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    modulePreload: { polyfill: false },
    // A data: address would need a hole in the content security policy.
    assetsInlineLimit: 0,
  },
  // The node knows the workers that may compile WebAssembly by their names, and lets them load nothing: each is one file; see
  // app/src/http/security-headers.ts.
  worker: {
    format: 'es',
    rolldownOptions: { output: { entryFileNames: 'assets/[name]-[hash].js', codeSplitting: false } },
  },
  server: {
    port: 5173,
    proxy: {
      '/dht': { target: `ws://localhost:${nodePort}`, ws: true },
      '/node.json': { target: `http://localhost:${nodePort}` },
      '/data': { target: `http://localhost:${nodePort}` },
      '/blobs': { target: `http://localhost:${nodePort}` },
      '/ice': { target: `http://localhost:${nodePort}` },
    },
  },
})
