import { rootFolder } from '@p2pigeon/core/files'
import { MemoryWorld } from '@p2pigeon/core/testing'
import { clientRoom } from './client-room.ts'

export interface ListingFigures {
  /** From opening the room to the whole list, ms. */
  readonly firstListMs: number
  /** From one more entry at the node to the list with it, ms; the view follows changes after 50 ms. */
  readonly oneMoreMs: number
}

/** One folder of so many entries, over a node in memory, so that nothing but the client is measured. */
export async function listing(entries: number): Promise<ListingFigures> {
  const store = new MemoryWorld().node()
  const writer = await clientRoom(store)
  await writer.until(({ node }) => node.kind === 'ready')
  await Promise.all(Array.from({ length: entries }, (_, nth) => writer.room.createFolder(rootFolder, `entry ${nth}`)))
  await writer.until((view) => view.list(rootFolder).length >= entries)
  const kept = writer.remembered()
  writer.end()

  const startedAt = performance.now()
  const reader = await clientRoom(store, kept)
  await reader.until((view) => view.list(rootFolder).length >= entries)
  const firstListMs = performance.now() - startedAt
  const addedAt = performance.now()
  await reader.room.createFolder(rootFolder, 'one more')
  await reader.until((view) => view.list(rootFolder).length > entries)
  const oneMoreMs = performance.now() - addedAt
  reader.end()
  return { firstListMs, oneMoreMs }
}
