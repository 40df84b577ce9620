import { open } from 'node:fs/promises'
import type { DataRoom } from '@p2pigeon/core/files'
import type { HereFile, ThereFile } from './sides.ts'

/** Whether a file here and one of the room have the same content. Reads both, up to the first difference. */
export async function hasSameContent(
  files: DataRoom,
  here: HereFile,
  there: ThereFile,
  signal: AbortSignal,
): Promise<boolean> {
  if (here.sizeBytes !== there.entry.sizeBytes) return false
  const opened = await files.open(there.entry.id, there.object)
  const local = await open(here.place, 'r')
  const reader = opened.stream().getReader()
  try {
    let at = 0
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      signal.throwIfAborted()
      const mine = Buffer.alloc(next.value.length)
      const { bytesRead } = await local.read(mine, 0, mine.length, at)
      if (bytesRead !== mine.length || !mine.equals(next.value)) return false
      at += mine.length
    }
    return true
  } finally {
    await reader.cancel().catch(() => undefined)
    await local.close()
  }
}
