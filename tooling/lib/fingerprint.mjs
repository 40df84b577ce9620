import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

const skipped = new Set(['node_modules', 'dist', '.cache'])

function* files(path) {
  if (!existsSync(join(root, path))) return
  if (!statSync(join(root, path)).isDirectory()) return void (yield path)
  for (const name of readdirSync(join(root, path)).sort()) if (!skipped.has(name)) yield* files(`${path}/${name}`)
}

/**
 * SHA-256 over the contents of files and folders, named relative to the repository, and over further words.
 * Tests do not count: they are in no build.
 */
export function fingerprint(paths, words = []) {
  const hash = createHash('sha256')
  for (const path of paths)
    for (const file of files(path)) {
      if (/\.test\.tsx?$/.test(file)) continue
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(root, file)))
        .update('\0')
    }
  return hash.update(words.join('\0')).digest('hex')
}
