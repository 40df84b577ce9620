import type { ParcelState, ParcelView } from '@p2pigeon/core/chat'
import { filesText as words } from '../../../text/conversations/index.ts'
import { percent } from '../../../ui/files/index.ts'
import { bytesText, faultText, type FaultText } from '../../../text/index.ts'

export function fileSize(bytes: number | undefined): string {
  return bytes === undefined ? words.unknownSize : bytesText(bytes)
}

/** Words for a fault of a file. */
export function fileFault(code: string): FaultText {
  return words.fault(code) ?? faultText(code)
}

/** How a file of ours stands, in words. `parcels` are all of its conversation: behind another one it waits for that. */
export function parcelWords(state: ParcelState, parcels: readonly ParcelView[], hasStore: boolean): string {
  switch (state.kind) {
    case 'sending':
      return words.sending(percent(state.part))
    case 'failed':
      return fileFault(state.code).title
    case 'waiting':
      if (!hasStore) return words.off
      return parcels.some((each) => each.state.kind === 'sending') ? words.inTurn : words.waiting
  }
}
