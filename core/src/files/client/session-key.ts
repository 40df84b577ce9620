import { concat, utf8 } from '../../bytes/index.ts'
import { Writer } from '../../codec/index.ts'
import { ed25519FromSeed, ed25519Sign, hkdf } from '../../crypto/index.ts'
import type { Octets } from './source.ts'

/** How a device shows itself to its node: a key of its own for each room, which says nothing of who is in the room. */
export interface SessionKey {
  /** The body of `POST /data/session` (docs/protocol/files.md). */
  proof(host: string, nowMs: number, nonce: Octets): Promise<Octets>
}

/** @param seed the user's, as an HKDF key. */
export async function sessionKey(seed: CryptoKey, roomId: Uint8Array): Promise<SessionKey> {
  const info = concat(utf8('p2pigeon/v1/data-session-key'), roomId)
  const raw = await hkdf('SHA-256', seed, new Uint8Array(0), info, 32)
  const { publicKey, privateKey } = await ed25519FromSeed(raw)
  raw.fill(0)
  return {
    proof: async (host, nowMs, nonce) => {
      const signed = new Writer().fixed(utf8('p2pigeon/v1/data-session')).text16(host).u64(nowMs).fixed(nonce).finish()
      const signature = await ed25519Sign(privateKey, signed)
      return new Writer().fixed(publicKey).u64(nowMs).fixed(nonce).fixed(signature).finish()
    },
  }
}
