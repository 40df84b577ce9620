import { sealedSegmentBytes } from '../limits.ts'
import { missing, type DriveStore, type Octets } from './source.ts'

/**
 * An object of a drive that is not sealed by the rules of the data room, all of it: what nodes keep of conversations (docs/protocol/chat.md). Whoever asks knows its
 * length and checks it.
 * @param moved is called with how much of it is here, 0 to 1.
 * @throws {TransportError} `object-missing` for less or more than `bytes`; what `follow` and `read` throw.
 */
export async function readBareObject(
  store: Pick<DriveStore, 'follow' | 'read'>,
  { drive, object, bytes }: { readonly drive: string; readonly object: string; readonly bytes: number },
  signal: AbortSignal,
  moved: (part: number) => void = () => undefined,
): Promise<Octets> {
  await store.follow([drive], signal)
  const whole = new Uint8Array(bytes)
  for (let at = 0; at < bytes; at += sealedSegmentBytes) {
    const piece = await store.read(drive, object, at / sealedSegmentBytes, undefined, signal)
    if (piece.length !== Math.min(sealedSegmentBytes, bytes - at)) throw missing()
    whole.set(piece, at)
    moved((at + piece.length) / bytes)
  }
  return whole
}
