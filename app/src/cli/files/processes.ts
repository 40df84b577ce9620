import { createHash } from 'node:crypto'
import { readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * Names those processes that see each other's numbers: of one machine, and of one container of it. 8 digits of hex.
 */
export function processesHere(): string {
  let namespace = ''
  try {
    namespace = readlinkSync('/proc/self/ns/pid')
  } catch {
    // No system that has containers of this kind.
  }
  return createHash('sha256').update(`${hostname()}\0${namespace}`).digest('hex').slice(0, 8)
}

/** Whether another process of this number is there, among those of `processesHere`. */
export function isAnotherAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid < 1 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process: it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
