import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './root.mjs'

/** Files below a folder of the repository whose path matches, sorted. */
export function glob(folder, pattern) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((path) => pattern.test(path))
    .sort()
}
