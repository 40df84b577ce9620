import { utf8 } from '../bytes/index.ts'
import { hkdf } from '../crypto/index.ts'
import { seedSalt } from './contexts.ts'

/** Derives `length` bytes from a seed, makes something of them and wipes them. */
export async function withDerived<Made>(
  seed: CryptoKey,
  info: Uint8Array,
  make: (derived: Uint8Array) => Made | Promise<Made>,
  length = 32,
): Promise<Made> {
  const derived = await hkdf('SHA-512', seed, utf8(seedSalt), info, length)
  try {
    return await make(derived)
  } finally {
    derived.fill(0)
  }
}
