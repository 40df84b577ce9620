import { sha256 } from '../crypto/index.ts'
import { fingerprintBytes } from './room-link.ts'

/** What a link pins of an Ed25519 key: the first 16 bytes of its SHA-256. */
export async function fingerprintOf(publicKey: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return (await sha256(publicKey)).slice(0, fingerprintBytes)
}
