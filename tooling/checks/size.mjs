import { build } from 'esbuild'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { gzipSync } from 'node:zlib'
import { root } from '../lib/root.mjs'

/**
 * In gzip bytes of JavaScript: what a visitor downloads before the page works; that and all it loads later, call and
 * dialogs included, but for the frames that show films and PDFs, which are loaded when somebody opens one; what the
 * library alone adds to somebody else's page.
 */
export const budgets = { firstLoad: 189_000, wholePage: 515_000, viewers: 640_000, coreClient: 73_000 }

const isViewer = (path) => /^preview-[a-z-]+\.js$/.test(path)

const gzipBytes = (bytes) => gzipSync(bytes, { level: 9 }).length
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`

/** Scripts a page loads before anything is clicked: its entries, its preloads, and all they import statically. */
export function firstLoadScripts(html, read) {
  const tags = html.match(/<(script|link)\b[^>]*>/g) ?? []
  const wanted = tags
    .filter((tag) => tag.startsWith('<script') || /rel="?modulepreload/.test(tag))
    .map((tag) => /\b(?:src|href)="?([^"\s>]+\.m?js)/.exec(tag)?.[1])
    .filter(Boolean)
  const found = new Set()
  while (wanted.length > 0) {
    const path = posix.normalize(wanted.pop()).replace(/^\//, '')
    if (found.has(path)) continue
    found.add(path)
    const statics = read(path).matchAll(/\b(?:import|export)\b[^"'()]*?(?:\bfrom\s*)?["'](\.[^"']+\.js)["']/g)
    for (const [, specifier] of statics) wanted.push(posix.join(dirname(path), specifier))
  }
  return [...found].sort()
}

const dist = join(root, 'frontend', 'dist')

function page(name, budget, scriptsOf) {
  if (!existsSync(join(dist, 'index.html'))) return { name, fault: 'frontend/dist is not built' }
  const read = (path) => readFileSync(join(dist, path), 'utf8')
  const scripts = scriptsOf(read)
  if (scripts.length === 0) return { name, fault: 'there is no script' }
  return { name, bytes: scripts.reduce((sum, path) => sum + gzipBytes(read(path)), 0), budget }
}

const firstLoad = () =>
  page('first load of the page', budgets.firstLoad, (read) => firstLoadScripts(read('index.html'), read))

const wholePage = () =>
  page('whole page', budgets.wholePage, () =>
    readdirSync(dist, { recursive: true }).filter((path) => /\.m?js$/.test(path) && !isViewer(path)),
  )

const viewers = () =>
  page('viewers of films and PDFs', budgets.viewers, () => readdirSync(dist).filter((path) => isViewer(path)))

async function coreClient() {
  const result = await build({
    entryPoints: [join(root, 'core/src/index.ts')],
    bundle: true,
    minify: true,
    write: false,
    splitting: true,
    metafile: true,
    outdir: join(root, '.cache/size'),
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    logLevel: 'silent',
    conditions: ['@p2pigeon/source'],
  })
  return { name: 'core in a browser', bytes: entryBytes(result), budget: budgets.coreClient }
}

/** The entry and all that it imports statically: what is loaded later, such as the road by Nostr, is no part of a first load. */
function entryBytes({ metafile, outputFiles }) {
  const wanted = Object.keys(metafile.outputs).filter((path) =>
    metafile.outputs[path].entryPoint?.endsWith('core/src/index.ts'),
  )
  const found = new Set()
  while (wanted.length > 0) {
    const path = wanted.pop()
    if (found.has(path)) continue
    found.add(path)
    for (const { kind, path: next } of metafile.outputs[path].imports)
      if (kind === 'import-statement') wanted.push(next)
  }
  return [...found].reduce((sum, path) => {
    const file = outputFiles.find((output) => output.path.endsWith(path.replace(/^.*\//, '/')))
    return sum + gzipBytes(file.contents)
  }, 0)
}

/** @returns {Promise<{ faults: string[], facts: string[] }>} */
export async function checkSize() {
  const faults = []
  const facts = []
  for (const measure of [firstLoad, wholePage, viewers, coreClient]) {
    const { name, bytes = 0, budget = 0, fault } = await measure()
    if (fault) faults.push(`${name}: ${fault}`)
    else if (bytes > budget) faults.push(`${name}: ${kilobytes(bytes)} gzip of JavaScript, budget ${kilobytes(budget)}`)
    else facts.push(`${name} ${kilobytes(bytes)} of ${kilobytes(budget)}`)
  }
  return { faults, facts }
}
