import type { Store } from '../../state/index.ts'
import { faultCode } from '../../session/index.ts'
import { vaultFault, type FaultText } from '../../text/index.ts'

/** Something that takes a moment and may fail. */
export interface TaskState {
  readonly busy: boolean
  readonly fault: FaultText | undefined
}

export const idle: TaskState = { busy: false, fault: undefined }

/** Runs one thing at a time; its failure becomes words. Resolves with what it gave, or with nothing when it failed or was not run. */
export async function runTask<State extends TaskState, Done>(
  store: Store<State>,
  work: () => Promise<Done>,
): Promise<Done | undefined> {
  if (store.get().busy) return undefined
  store.update((state) => ({ ...state, busy: true, fault: undefined }))
  try {
    return await work()
  } catch (error) {
    store.update((state) => ({ ...state, fault: vaultFault(faultCode(error)) }))
    return undefined
  } finally {
    store.update((state) => ({ ...state, busy: false }))
  }
}
