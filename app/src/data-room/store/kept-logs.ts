import type { PearStore } from '../pear/index.ts'

const doNotFit = /sequence number is being set backwards/iu

/**
 * Keeps a store from deleting the logs of its database. Where the numbers in them do not fit the rest, for example in a backup that was put back in part,
 * hypercore-storage deletes every log, goes on without the acknowledged writes in it, and does so each time that anything asks it to open. There is no option
 * for that, so its step is taken out; `damaged.test.ts` fails if another version names it otherwise.
 * @returns whether that is why the store does not open.
 */
export function keepLogs({ storage }: PearStore): () => boolean {
  let isDamaged = false
  storage._maybeRecoverLater = ({ message }) => {
    isDamaged ||= doNotFit.test(message)
  }
  return () => isDamaged
}
