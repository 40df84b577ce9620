import { Reader, visibleText, Writer } from '../codec/index.ts'
import { CodecError } from '../errors/index.ts'
import { maxCallerNameBytes, maxCallerNameLength, maxLinkCodeBytes } from './limits.ts'

/** Why a call stops ringing. Order is wire format: a reason travels as its index. */
export const cancelReasons = ['withdrawn', 'unanswered', 'answered-elsewhere', 'declined-elsewhere'] as const

export type CancelReason = (typeof cancelReasons)[number]

/** What caller and callee say to each other inside the channel. */
export type RingFrame =
  /** Caller, first of all: I would like to talk. */
  | { readonly kind: 'ring'; readonly video: boolean; readonly name: string }
  /** Callee: somebody is being asked. */
  | { readonly kind: 'ringing' }
  /** Callee: I do not know you; the wish is noted, nothing rings. */
  | { readonly kind: 'noted' }
  /** Callee: in another call. */
  | { readonly kind: 'busy' }
  /** Callee: the person has accepted; the link, please. */
  | { readonly kind: 'accept' }
  /** Caller, after `accept` alone: here we meet. */
  | { readonly kind: 'invitation'; readonly linkCode: string }
  /** Callee: the person does not want to. */
  | { readonly kind: 'decline' }
  /** Caller, first of all: no call, but messages, on this line; callee: yes. What follows is for whoever carries them. */
  | { readonly kind: 'talk' }
  /** Caller: stop ringing. */
  | { readonly kind: 'cancel'; readonly reason: CancelReason }

const tag = {
  ring: 1,
  ringing: 2,
  noted: 3,
  busy: 4,
  accept: 5,
  invitation: 6,
  decline: 7,
  cancel: 8,
  talk: 9,
} as const

/** A bare code and nothing else: no address can hide in an invitation. */
const codeForm = /^[\w-]+$/

export function encodeRingFrame(frame: RingFrame): Uint8Array<ArrayBuffer> {
  const writer = new Writer().u8(tag[frame.kind])
  switch (frame.kind) {
    case 'ring':
      return writer
        .u8(frame.video ? 1 : 0)
        .text16(cleanCallerName(frame.name))
        .finish()
    case 'invitation':
      return writer.text16(frame.linkCode).finish()
    case 'cancel':
      return writer.u8(cancelReasons.indexOf(frame.reason)).finish()
    default:
      return writer.finish()
  }
}

/** Names come out clean. @throws {CodecError} on anything that `encodeRingFrame` does not produce. */
export function decodeRingFrame(bytes: Uint8Array): RingFrame {
  const reader = new Reader(bytes)
  const frame = readFrame(reader)
  reader.end()
  return frame
}

/** A caller's own name as it is safe to show; may be empty. */
export function cleanCallerName(written: string): string {
  return visibleText(written, maxCallerNameLength)
}

function readFrame(reader: Reader): RingFrame {
  switch (reader.u8()) {
    case tag.ring:
      return {
        kind: 'ring',
        video: readFlag(reader),
        name: cleanCallerName(reader.text16(maxCallerNameBytes)),
      }
    case tag.ringing:
      return { kind: 'ringing' }
    case tag.noted:
      return { kind: 'noted' }
    case tag.busy:
      return { kind: 'busy' }
    case tag.accept:
      return { kind: 'accept' }
    case tag.invitation:
      return { kind: 'invitation', linkCode: readLinkCode(reader) }
    case tag.decline:
      return { kind: 'decline' }
    case tag.talk:
      return { kind: 'talk' }
    case tag.cancel:
      return { kind: 'cancel', reason: readReason(reader) }
    default:
      throw new CodecError('bad-value', 'unknown ring frame')
  }
}

function readFlag(reader: Reader): boolean {
  const value = reader.u8()
  if (value > 1) throw new CodecError('bad-value', 'neither yes nor no')
  return value === 1
}

function readLinkCode(reader: Reader): string {
  const linkCode = reader.text16(maxLinkCodeBytes)
  if (!codeForm.test(linkCode)) throw new CodecError('bad-value', 'not a link code')
  return linkCode
}

function readReason(reader: Reader): CancelReason {
  const reason = cancelReasons[reader.u8()]
  if (reason === undefined) throw new CodecError('bad-value', 'unknown reason')
  return reason
}
