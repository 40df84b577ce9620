import type { KeptUpload, UploadMemory } from '@p2pigeon/core/files'
import { slotPrefixes, type Keeper } from '../vault/index.ts'

/** Uploads of one room in sealed slots: one for each, and one for the hashes of each of its segments. */
export function uploadSlots(keeper: Pick<Keeper, 'read' | 'write' | 'remove' | 'slots'>, slotId: string): UploadMemory {
  const prefix = `${slotPrefixes.uploads}${slotId}.`
  const pledgesOf = (id: string): string => `${slotPrefixes.pledges}${slotId}.${id}.`
  const named = async (start: string): Promise<readonly string[]> => {
    return (await keeper.slots()).filter((name) => name.startsWith(start))
  }
  return {
    async all() {
      const read = await Promise.all((await named(prefix)).map((slot) => keeper.read(slot)))
      return read.flatMap((bytes) => (bytes && decodeUpload(bytes)) ?? [])
    },
    keep: (upload) => keeper.write(prefix + upload.id, encodeUpload(upload)),
    pledge: (id, segment, hashes) => keeper.write(pledgesOf(id) + segment.toString(), hashes),
    async pledges(id) {
      const start = pledgesOf(id)
      const pledges = new Map<number, Uint8Array<ArrayBuffer>>()
      for (const slot of await named(start)) {
        const hashes = await keeper.read(slot)
        if (hashes) pledges.set(Number(slot.slice(start.length)), hashes)
      }
      return pledges
    },
    async forget(id) {
      // The pledges last: without them, what is kept of the upload must not be gone on with.
      await keeper.remove(prefix + id)
      for (const slot of await named(pledgesOf(id))) await keeper.remove(slot)
    },
  }
}

function encodeUpload(upload: KeptUpload): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ ...upload, fileKey: [...upload.fileKey] }))
}

/** The vault lets through what this device has written and nothing else; of another version of this page nothing is gone on with. */
function decodeUpload(bytes: Uint8Array): KeptUpload | undefined {
  const read = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Omit<KeptUpload, 'fileKey'>> & {
    fileKey?: number[]
  }
  const { id, drive, node, parent, name, replaces, object, fileKey, sizeBytes, modifiedAtMs, mediaType } = read
  if (id === undefined || drive === undefined || node === undefined || parent === undefined) return undefined
  if (name === undefined || object === undefined || mediaType === undefined) return undefined
  if (fileKey?.length !== 32 || sizeBytes === undefined || modifiedAtMs === undefined) return undefined
  const key = Uint8Array.from(fileKey)
  return { id, drive, node, parent, name, replaces, object, fileKey: key, sizeBytes, modifiedAtMs, mediaType }
}
