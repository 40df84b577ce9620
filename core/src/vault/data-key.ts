import { concat, utf8 } from '../bytes/index.ts'
import { Writer } from '../codec/index.ts'
import { aeadNonceBytes, aeadOpen, aeadSeal } from '../crypto/index.ts'
import { AuthenticationError, UsageError } from '../errors/index.ts'
import type { Random } from '../runtime/index.ts'
import { isSound, type VaultHeader, type VaultWrap, type WrapPlan } from './header.ts'
import { headerVersion, writePublicPart } from './header-codec.ts'
import { planWrap, wrapFor, wrappingKey, type KeySource, type NewKeySource } from './key-source.ts'

const wrapDomain = 'p2pigeon/v1/vault-wrap'

/** Seals a data key for a new source. */
export async function wrapDataKey(
  random: Random,
  vaultId: Uint8Array,
  dataKey: Uint8Array,
  source: NewKeySource,
): Promise<VaultWrap> {
  const plan = planWrap(random, source)
  const key = await wrappingKey(vaultId, plan, source)
  if (key === undefined) throw new UsageError('bad-source', 'the source does not fit the wrap')
  const nonce = random.bytes(aeadNonceBytes)
  const sealed = concat(nonce, await aeadSeal(key, nonce, boundBytes(vaultId, plan), dataKey))
  return { ...plan, sealed }
}

/**
 * Unwraps the data key for as long as `use` runs, then wipes it.
 * @throws {AuthenticationError} `vault-locked`, the same for a wrong passphrase, another vault's wrap, weak or absurd costs, or no wrap
 * at all; nothing is hashed for a header that is not sound. What the password hash throws passes through: it has not judged anything.
 */
export async function withDataKey<Made>(
  header: VaultHeader,
  source: KeySource,
  use: (dataKey: Uint8Array) => Promise<Made>,
): Promise<Made> {
  const wrap = isSound(header) ? wrapFor(header, source) : undefined
  const key = wrap && (await wrappingKey(header.vaultId, wrap, source))
  if (wrap === undefined || key === undefined) throw locked()
  const dataKey = await open(key, wrap, header.vaultId)
  try {
    return await use(dataKey)
  } finally {
    dataKey.fill(0)
  }
}

async function open(key: CryptoKey, wrap: VaultWrap, vaultId: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const { sealed } = wrap
  try {
    const nonce = sealed.subarray(0, aeadNonceBytes)
    return await aeadOpen(key, nonce, boundBytes(vaultId, wrap), sealed.subarray(aeadNonceBytes))
  } catch {
    throw locked()
  }
}

/** What a wrap is bound to: whose it is, what kind, and the parameters that led to its key. */
function boundBytes(vaultId: Uint8Array, plan: WrapPlan): Uint8Array<ArrayBuffer> {
  const writer = new Writer().fixed(utf8(wrapDomain)).u8(0).u8(headerVersion).fixed(vaultId)
  return writePublicPart(writer, plan).finish()
}

function locked(): AuthenticationError {
  return new AuthenticationError('vault-locked', 'the vault does not open')
}
