import { opendir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isAnotherAlive, processesHere } from './processes.ts'

/** What a download is called until it is whole: whose it is, and which. */
const partForm = /^\.pigeon-(?:([0-9a-f]{8})-(\d{1,10})-)?[0-9a-f]{16}\.part$/
/** Of a process that cannot be asked for: nothing was written to it for so long, ms. */
const staleMs = 86_400_000

export const partName = (id: string): string => `.pigeon-${processesHere()}-${String(process.pid)}-${id}.part`

export const isPart = (name: string): boolean => partForm.test(name)

/** Deletes what downloads of killed processes have left in a folder. What cannot be looked at stays. */
export async function sweepParts(folder: string): Promise<void> {
  try {
    for await (const entry of await opendir(folder)) {
      if (entry.isFile() && (await isLeft(folder, entry.name))) await rm(join(folder, entry.name), { force: true })
    }
  } catch {
    // It is no concern of the command's.
  }
}

async function isLeft(folder: string, name: string): Promise<boolean> {
  const [whole, where, pid] = partForm.exec(name) ?? []
  if (whole === undefined) return false
  if (where === processesHere()) return Number(pid) !== process.pid && !isAnotherAlive(Number(pid))
  return Date.now() - (await stat(join(folder, name))).mtimeMs > staleMs
}
