import { fromUtf8, utf8 } from '../bytes/index.ts'
import { CodecError } from '../errors/index.ts'
import { eventId, isHex, readEvent, readRumor, type NostrEvent, type Rumor } from '../nostr/index.ts'

/** What two devices say to each other on a line. */
export type LineFrame =
  | { readonly kind: 'rumor'; readonly rumor: Rumor }
  /** This rumor is kept here now. */
  | { readonly kind: 'kept'; readonly id: string }
  /** Somebody writes in this conversation, now. */
  | { readonly kind: 'typing'; readonly conversation: string }
  /** Where we take our mail: a signed event of kind 10050 (NIP-17). */
  | { readonly kind: 'inbox'; readonly list: NostrEvent }

/** Where somebody takes their mail (NIP-17). */
export const inboxListKind = 10_050

/** Longest frame: a line carries no more in one message. */
export const maxLineFrameBytes = 61_440

export function encodeLineFrame(frame: LineFrame): Uint8Array<ArrayBuffer> {
  return utf8(JSON.stringify(frame))
}

/** Whether a list is signed, and whose it is, is for the reader to see. @throws {CodecError} on anything that `encodeLineFrame` does not produce. */
export function readLineFrame(bytes: Uint8Array): LineFrame {
  if (bytes.length > maxLineFrameBytes) throw bad()
  const value = parse(bytes)
  switch (value['kind']) {
    case 'rumor': {
      const rumor = readRumor(value['rumor'])
      if (rumor.id !== eventId(rumor)) throw bad()
      return { kind: 'rumor', rumor }
    }
    case 'kept':
      if (!isHex(value['id'], 64)) throw bad()
      return { kind: 'kept', id: value['id'] }
    case 'typing':
      if (!isHex(value['conversation'], 64)) throw bad()
      return { kind: 'typing', conversation: value['conversation'] }
    case 'inbox': {
      const list = readEvent(value['list'])
      if (list.kind !== inboxListKind) throw bad()
      return { kind: 'inbox', list }
    }
    default:
      throw bad()
  }
}

function parse(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(fromUtf8(bytes))
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Said below: whatever it is, it is no frame.
  }
  throw bad()
}

function bad(): CodecError {
  return new CodecError('bad-line-frame', 'this is no frame of a line')
}
