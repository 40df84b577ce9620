import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'

/** The content of a file, or why there is none. Size is judged before anything is read. */
export function readSmallFile(
  path: string,
  maxBytes: number,
): Uint8Array<ArrayBuffer> | 'missing' | 'unreadable' | 'too-large' {
  try {
    const { size } = statSync(path)
    if (size > maxBytes) return 'too-large'
    const content = readFileSync(path)
    return content.length > maxBytes ? 'too-large' : new Uint8Array(content)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'missing' : 'unreadable'
  }
}

/** True if somebody else on this machine may read the file. Windows has other means, and is not asked. */
export function isOpenToOthers(path: string): boolean {
  return process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0
}

/** The file is the old one or the new one, whatever happens meanwhile. False if it could not be written. */
export function replaceFile(path: string, content: Uint8Array): boolean {
  const fresh = `${path}.${String(process.pid)}.new`
  try {
    const file = openSync(fresh, 'wx', 0o644)
    try {
      writeSync(file, content)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(fresh, path)
    return true
  } catch {
    rmSync(fresh, { force: true })
    return false
  }
}
