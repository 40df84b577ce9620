import { createHmac, timingSafeEqual } from 'node:crypto'

const macBytes = 32
/** Drives that one member's node names to a replica in one message. */
export const maxNamed = 256
const keyBytes = 32

/** Which end of the conversation speaks. */
export type ReplicaRole = 'member' | 'replica'

const mac = (secret: Buffer, context: string, ...parts: Buffer[]): Buffer => {
  const made = createHmac('sha256', secret).update(context)
  for (const part of parts) made.update(part)
  return made.digest()
}

/** Where a replica and the nodes that know its secret meet. Tells nothing of the secret. */
export const replicaTopic = (secret: Buffer): Buffer => mac(secret, 'p2pigeon/v1/replica/topic')

/** Proves to the other end of this connection, and to no other, that the secret is known. */
export const replicaProof = (secret: Buffer, role: ReplicaRole, handshakeHash: Buffer): Buffer =>
  mac(secret, `p2pigeon/v1/replica/${role}`, handshakeHash)

/** Compares in constant time. */
export function provesReplica(proof: Uint8Array, secret: Buffer, role: ReplicaRole, handshakeHash: Buffer): boolean {
  return proof.length === macBytes && timingSafeEqual(proof, replicaProof(secret, role, handshakeHash))
}

/** Keys of drives, one after the other. */
export function encodeDrives(drives: readonly string[]): Buffer {
  return Buffer.concat(drives.slice(0, maxNamed).map((key) => Buffer.from(key, 'hex')))
}

/** Undefined for anything that is not a list of at most `maxNamed` keys. */
export function parseDrives(bytes: Uint8Array): string[] | undefined {
  if (bytes.length % keyBytes !== 0 || bytes.length > maxNamed * keyBytes) return undefined
  const keys: string[] = []
  for (let at = 0; at < bytes.length; at += keyBytes) {
    keys.push(Buffer.from(bytes.subarray(at, at + keyBytes)).toString('hex'))
  }
  return keys
}
