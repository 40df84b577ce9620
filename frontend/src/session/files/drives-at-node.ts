import type { Runtime } from '@p2pigeon/core'
import type { FileDrives } from '@p2pigeon/core/chat'
import { NodeStore, readBareObject, sessionKey } from '@p2pigeon/core/files'

export interface DrivesAtNodePorts {
  /** Address of the page's node, without a path. */
  readonly nodeUrl: string
  /** The user's, as an HKDF key. */
  readonly seed: CryptoKey
  readonly runtime: Pick<Runtime, 'clock' | 'random'>
  readonly fetch: typeof fetch
}

/** In place of a room's id in the key of the session: of another length than any, so that the node sees another key than in every room. */
const purpose = new TextEncoder().encode('files of conversations')

/** What `chatDrives` loads with the first file. */
export async function drivesAtNode({ nodeUrl, seed, runtime, fetch }: DrivesAtNodePorts): Promise<FileDrives> {
  const { clock, random } = runtime
  const store = new NodeStore({ url: nodeUrl, key: await sessionKey(seed, purpose), clock, random, fetch })
  return {
    read: async (drive, object, bytes, { signal, progress }) => {
      const wanted = signal ?? new AbortController().signal
      wanted.throwIfAborted()
      return readBareObject(store, { drive, object, bytes }, wanted, progress)
    },
  }
}
