import type { Runtime } from '@p2pigeon/core'
import type { FileDrives } from '@p2pigeon/core/chat'
import type { NodeStore } from '@p2pigeon/core/files'

export interface ChatDrivesPorts {
  /** Address of the page's node, without a path. */
  readonly nodeUrl: string
  /** The user's, as an HKDF key. */
  readonly seed: () => Promise<CryptoKey>
  readonly runtime: () => Pick<Runtime, 'clock' | 'random'>
}

/** In place of a room's id in the key of the session: of another length than any, so that the node sees another key than in every room. */
const purpose = new TextEncoder().encode('files of conversations')

/** Files of conversations in drives of others, got by the page's node. What that needs is loaded with the first one. */
export function chatDrives({ nodeUrl, seed, runtime }: ChatDrivesPorts): FileDrives {
  const load = () => import('@p2pigeon/core/files')
  let opened: Promise<NodeStore> | undefined
  const open = async (): Promise<NodeStore> => {
    const [{ NodeStore, sessionKey }, ours] = await Promise.all([load(), seed()])
    const { clock, random } = runtime()
    const key = await sessionKey(ours, purpose)
    return new NodeStore({ url: nodeUrl, key, clock, random, fetch: (...given) => fetch(...given) })
  }
  return {
    read: async (drive, object, bytes, { signal, progress }) => {
      opened ??= open()
      const failed = (): void => {
        opened = undefined
      }
      opened.catch(failed)
      const [{ readBareObject }, store] = await Promise.all([load(), opened])
      const wanted = signal ?? new AbortController().signal
      wanted.throwIfAborted()
      return readBareObject(store, { drive, object, bytes }, wanted, progress)
    },
  }
}
