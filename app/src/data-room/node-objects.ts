import { createHash } from 'node:crypto'
import type { NodeObjects } from './contract.ts'
import { segmentBytes } from './limits.ts'
import type { DataStore } from './store/index.ts'

/** Owner of the node's own drive. No client can show that it has this key: it is a hash, and nobody knows a secret for it. */
const nodeOwner = createHash('sha256').update('p2pigeon/v1/files/node-owner').digest('hex')

/** The objects that the node itself writes. @throws what `DataStore.create` throws. */
export async function openNodeObjects(store: DataStore): Promise<NodeObjects> {
  const { key } = store.owned(nodeOwner) ?? (await store.create(nodeOwner))
  // Looked up each time: a store that was opened anew has other ones.
  const drive = () => store.drive(key)
  return {
    drive: key,
    pieceBytes: segmentBytes,
    put: async (object, piece, bytes) => {
      await drive().putSegment(object, piece, bytes)
    },
    read: async (object, piece) => {
      const { byteLength, read } = await drive().segment(object, piece)
      return read({ start: 0, end: byteLength })
    },
    clear: (object) => drive().clearObject(object),
    objects: () => drive().objects(),
  }
}
