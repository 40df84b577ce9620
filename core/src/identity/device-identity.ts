import { utf8 } from '../bytes/index.ts'
import { ed25519FromSeed, ed25519Sign, x25519FromSeed, x25519PublicBytes } from '../crypto/index.ts'
import { contexts } from './contexts.ts'
import { withDerived } from './derive.ts'
import type { DeviceIdentity } from './identity.ts'
import { signedBytes } from './signature.ts'

/**
 * The keys of one device, from a random seed that never leaves it; `deviceSeed` is made by `importSeed`. They tell nothing of the
 * identity they act for: only a record that lists them does.
 */
export async function deviceIdentity(deviceSeed: CryptoKey): Promise<DeviceIdentity> {
  const [{ publicKey, privateKey }, noiseStatic] = await Promise.all([
    withDerived(deviceSeed, utf8(contexts.device), ed25519FromSeed),
    withDerived(deviceSeed, utf8(contexts.deviceNoise), x25519FromSeed),
  ])
  return {
    publicKey,
    sign: async (domain, message) => ed25519Sign(privateKey, signedBytes(domain, message)),
    noiseStatic,
    noisePublicKey: await x25519PublicBytes(noiseStatic.publicKey),
  }
}
