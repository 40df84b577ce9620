import { Reader, Writer } from '../codec/index.ts'
import { CodecError } from '../errors/index.ts'
import type { MediaState, SourceState } from '../media/index.ts'
import { cleanName, maxNameBytes } from './name.ts'

/** What members tell each other besides messages. */
export type Control =
  | { readonly kind: 'presence'; readonly name: string; readonly media: MediaState }
  /** From the host only: everyone drops this participant and refuses it while the room lasts. */
  | { readonly kind: 'kick'; readonly publicKey: Uint8Array<ArrayBuffer> }

const tag = { presence: 1, kick: 2 } as const
const sourceStates: readonly SourceState[] = ['none', 'off', 'on']
const publicKeyBytes = 32

export function encodeControl(control: Control): Uint8Array<ArrayBuffer> {
  if (control.kind === 'kick') return new Writer().u8(tag.kick).fixed(control.publicKey).finish()
  const { microphone, camera, screen } = control.media
  return new Writer()
    .u8(tag.presence)
    .text16(control.name)
    .u8(sourceStates.indexOf(microphone))
    .u8(sourceStates.indexOf(camera))
    .u8(sourceStates.indexOf(screen))
    .finish()
}

/** Names come out clean. @throws {CodecError} on anything that `encodeControl` does not produce. */
export function decodeControl(bytes: Uint8Array): Control {
  const reader = new Reader(bytes)
  const control = reader.u8() === tag.kick ? decodeKick(reader) : decodePresence(bytes, reader)
  reader.end()
  return control
}

function decodeKick(reader: Reader): Control {
  return { kind: 'kick', publicKey: reader.fixed(publicKeyBytes) }
}

function decodePresence(bytes: Uint8Array, reader: Reader): Control {
  if (bytes[0] !== tag.presence) throw new CodecError('bad-value', 'unknown control message')
  const name = cleanName(reader.text16(maxNameBytes))
  const microphone = sourceState(reader)
  const camera = sourceState(reader)
  const screen = sourceState(reader)
  if (screen === 'none') throw new CodecError('bad-value', 'unknown screen state')
  return { kind: 'presence', name, media: { microphone, camera, screen } }
}

function sourceState(reader: Reader): SourceState {
  const state = sourceStates[reader.u8()]
  if (state === undefined) throw new CodecError('bad-value', 'unknown source state')
  return state
}
