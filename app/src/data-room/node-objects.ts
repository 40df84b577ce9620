import { createHash } from 'node:crypto'
import type { NodeObjects } from './contract.ts'
import { segmentBytes } from './limits.ts'
import type { DataStore, OpenDrive } from './store/index.ts'

/** Owner of the node's own drive. No client can show that it has this key: it is a hash, and nobody knows a secret for it. */
const nodeOwner = createHash('sha256').update('p2pigeon/v1/files/node-owner').digest('hex')

export function isOfNode({ record }: OpenDrive): boolean {
  return record.kind === 'own' && record.owner === nodeOwner
}

/**
 * The objects that the node itself writes. Their drive is never replicated.
 * @throws {Refusal} `damaged` for a drive that is there and does not open: another one in its place would hide what is in it. What `DataStore.create` throws.
 */
export async function openNodeObjects(store: DataStore): Promise<NodeObjects> {
  const { key } = store.owned(nodeOwner) ?? (await store.create(nodeOwner))
  // Looked up each time: a store that was opened anew has other ones.
  const drive = (): OpenDrive => store.drive(key)
  return {
    pieceBytes: segmentBytes,
    put: async (object, piece, bytes) => {
      await drive().putSegment(object, piece, bytes)
    },
    read: async (object, piece) => {
      const segment = await drive().segment(object, piece)
      return segment.read({ start: 0, end: segment.byteLength })
    },
    clear: (object) => drive().clearObject(object),
    objects: () => drive().objects(),
  }
}
