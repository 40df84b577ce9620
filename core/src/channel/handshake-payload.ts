import { pad, Reader, unpad, Writer } from '../codec/index.ts'
import { verifySignature, type RoomIdentity } from '../identity/index.ts'
import { maxHelloBytes, minPaddedBytes } from './limits.ts'
import type { Choice } from './negotiation.ts'

const bindingDomain = 'p2pigeon/v1/binding'

/** What messages 2 and 3 carry, encrypted. */
export interface HandshakePayload {
  readonly choice: Choice
  /** Ed25519. */
  readonly publicKey: Uint8Array<ArrayBuffer>
  /** By that key: "this X25519 static key is mine in this room". */
  readonly binding: Uint8Array<ArrayBuffer>
  readonly hello: Uint8Array<ArrayBuffer>
}

/** Layout before padding: u16 version, u16 suite, Ed25519 key (32), binding signature (64), u16 length and hello. */
export function encodePayload({ choice, publicKey, binding, hello }: HandshakePayload): Uint8Array<ArrayBuffer> {
  const content = new Writer().u16(choice.version).u16(choice.suite).fixed(publicKey).fixed(binding).bytes16(hello)
  return pad(content.finish(), minPaddedBytes)
}

/** @throws {CodecError} */
export function decodePayload(padded: Uint8Array): HandshakePayload {
  const reader = new Reader(unpad(padded))
  const payload = {
    choice: { version: reader.u16(), suite: reader.u16() },
    publicKey: reader.fixed(32),
    binding: reader.fixed(64),
    hello: reader.bytes16(maxHelloBytes),
  }
  reader.end()
  return payload
}

/**
 * Says with the Ed25519 identity that an X25519 static key belongs to it. Noise proves possession of the X25519 key; this
 * record alone proves nothing, and it is the same in every handshake: the channel proof is what is fresh.
 */
export async function signBinding(identity: RoomIdentity, noiseStatic: Uint8Array, roomId: Uint8Array) {
  return identity.sign(bindingDomain, bindingMessage(noiseStatic, roomId))
}

export async function verifyBinding(payload: HandshakePayload, noiseStatic: Uint8Array, roomId: Uint8Array) {
  return verifySignature(payload.publicKey, bindingDomain, bindingMessage(noiseStatic, roomId), payload.binding)
}

function bindingMessage(noiseStatic: Uint8Array, roomId: Uint8Array): Uint8Array {
  return new Writer().bytes16(noiseStatic).bytes16(roomId).finish()
}
