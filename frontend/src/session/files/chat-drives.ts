import type { Runtime } from '@p2pigeon/core'
import type { FileDrives } from '@p2pigeon/core/chat'

export interface ChatDrivesPorts {
  /** Address of the page's node, without a path. */
  readonly nodeUrl: string
  /** The user's, as an HKDF key. */
  readonly seed: () => Promise<CryptoKey>
  readonly runtime: () => Pick<Runtime, 'clock' | 'random'>
  readonly fetch: typeof fetch
}

/**
 * Files of conversations in drives of others, got by the page's node. What that needs is loaded with the first one; a load that failed is tried again
 * with the next.
 */
export function chatDrives({ nodeUrl, seed, runtime, fetch }: ChatDrivesPorts): FileDrives {
  const open = async (): Promise<FileDrives> => {
    const [{ drivesAtNode }, ours] = await Promise.all([import('./drives-at-node.ts'), seed()])
    return drivesAtNode({ nodeUrl, seed: ours, runtime: runtime(), fetch })
  }
  let opened: Promise<FileDrives> | undefined
  return {
    read: async (drive, object, bytes, passage) => {
      const mine = (opened ??= open())
      const drives = await mine.catch((error: unknown) => {
        if (opened === mine) opened = undefined
        throw error
      })
      return drives.read(drive, object, bytes, passage)
    },
  }
}
