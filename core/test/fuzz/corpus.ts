import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'

type Bytes = Uint8Array<ArrayBuffer>

/** Inputs of one target that are kept: enough to reach everything again, few enough to be looked at. */
const maxFiles = 200
/** Larger ones are found again from the seeds. */
const maxFileBytes = 4_096

/** Inputs that reached something when they were found. */
export function readCorpus(target: string): readonly Bytes[] {
  const folder = folderOf(target)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .map((file) => new Uint8Array(readFileSync(new URL(file, folder))))
}

/** Keeps what was found, under the hash of its content. */
export function addToCorpus(target: string, found: readonly Bytes[]): void {
  const folder = folderOf(target)
  mkdirSync(folder, { recursive: true })
  let room = maxFiles - readdirSync(folder).length
  for (const input of found) {
    if (input.length > maxFileBytes || room-- <= 0) continue
    const name = createHash('sha256').update(input).digest('hex').slice(0, 16)
    writeFileSync(new URL(`${name}.bin`, folder), input)
  }
}

function folderOf(target: string): URL {
  return new URL(`corpus/${target}/`, import.meta.url)
}
