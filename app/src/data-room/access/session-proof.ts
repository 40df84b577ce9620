import { createPublicKey, verify } from 'node:crypto'

const context = Buffer.from('p2pigeon/v1/data-session')
const keyBytes = 32
const timeBytes = 8
const nonceBytes = 16
const signatureBytes = 64
export const proofBytes = keyBytes + timeBytes + nonceBytes + signatureBytes

/** What a client says to begin a session (docs/protocol/files.md). */
export interface SessionProof {
  readonly key: Buffer
  readonly sentAtMs: number
  readonly nonce: Buffer
  readonly signature: Buffer
}

/** Undefined for anything that is not a proof. */
export function parseSessionProof(body: Buffer): SessionProof | undefined {
  if (body.length !== proofBytes) return undefined
  const sentAt = body.readBigUInt64BE(keyBytes)
  if (sentAt > BigInt(Number.MAX_SAFE_INTEGER)) return undefined
  const nonceAt = keyBytes + timeBytes
  return {
    key: body.subarray(0, keyBytes),
    sentAtMs: Number(sentAt),
    nonce: body.subarray(nonceAt, nonceAt + nonceBytes),
    signature: body.subarray(nonceAt + nonceBytes),
  }
}

/** The bytes that are signed: the host is among them, so that no other node can spend the proof. */
export function signedBytes(host: string, sentAtMs: number, nonce: Uint8Array): Buffer {
  const name = Buffer.from(host)
  const head = Buffer.alloc(2)
  head.writeUInt16BE(name.length)
  const time = Buffer.alloc(timeBytes)
  time.writeBigUInt64BE(BigInt(sentAtMs))
  return Buffer.concat([context, head, name, time, nonce])
}

/** True when the owner of the key signed this proof for `host` (Ed25519, RFC 8032). */
export function proofHolds({ key, sentAtMs, nonce, signature }: SessionProof, host: string): boolean {
  try {
    const publicKey = createPublicKey({
      format: 'jwk',
      key: { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') },
    })
    return verify(null, signedBytes(host, sentAtMs, nonce), publicKey, signature)
  } catch {
    // Not a point of the curve.
    return false
  }
}
