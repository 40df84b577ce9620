import { Reader, Writer } from '../codec/index.ts'
import { CodecError, UsageError } from '../errors/index.ts'
import {
  isSound,
  maxCredentialIdBytes,
  maxWraps,
  prfSaltBytes,
  sealedKeyBytes,
  vaultIdBytes,
  type VaultHeader,
  type VaultWrap,
  type WrapPlan,
} from './header.ts'
import { readParameters, writeParameters } from './parameters-codec.ts'
import { passphraseSaltBytes } from './passphrase.ts'

export const headerVersion = 1
/** Eight wraps with the longest credential ids. */
export const maxHeaderBytes =
  1 + vaultIdBytes + 1 + maxWraps * (1 + 2 + maxCredentialIdBytes + prfSaltBytes + sealedKeyBytes)

const kinds = { passphrase: 1, passkey: 2, device: 3 } as const

/**
 * The form in which a header is stored; see docs/vault.md.
 * @throws {UsageError} `bad-header` for what `decodeHeader` would refuse.
 */
export function encodeHeader(header: VaultHeader): Uint8Array<ArrayBuffer> {
  if (!isSound(header)) throw new UsageError('bad-header', 'not the header of a vault')
  const writer = new Writer().u8(headerVersion).fixed(header.vaultId).u8(header.wraps.length)
  for (const wrap of header.wraps) writePublicPart(writer, wrap).fixed(wrap.sealed)
  return writer.finish()
}

/**
 * Reads one whole header, and refuses costs outside their bounds, so that nothing is ever hashed on the word of edited storage.
 * @throws {CodecError} `vault-version` for one of a later version; `truncated`, `trailing`, `too-long`, `bad-value` otherwise.
 */
export function decodeHeader(bytes: Uint8Array): VaultHeader {
  const reader = new Reader(bytes)
  if (reader.u8() !== headerVersion) throw new CodecError('vault-version', 'the vault needs a newer version')
  const vaultId = reader.fixed(vaultIdBytes)
  const count = reader.u8()
  if (count > maxWraps) throw badHeader()
  const wraps = Array.from({ length: count }, () => readWrap(reader))
  reader.end()
  const header = { vaultId, wraps }
  if (!isSound(header)) throw badHeader()
  return header
}

/** Kind and parameters of a wrap as they are stored, and as they are bound to what it seals. */
export function writePublicPart(writer: Writer, wrap: WrapPlan): Writer {
  writer.u8(kinds[wrap.kind])
  switch (wrap.kind) {
    case 'passphrase':
      return writeParameters(writer.fixed(wrap.salt), wrap.parameters)
    case 'passkey':
      return writer.bytes16(wrap.credentialId).fixed(wrap.prfSalt)
    case 'device':
      return writer
  }
}

function readWrap(reader: Reader): VaultWrap {
  const kind = reader.u8()
  switch (kind) {
    case kinds.passphrase: {
      const salt = reader.fixed(passphraseSaltBytes)
      return { kind: 'passphrase', salt, parameters: readParameters(reader), sealed: reader.fixed(sealedKeyBytes) }
    }
    case kinds.passkey: {
      const credentialId = reader.bytes16(maxCredentialIdBytes)
      return {
        kind: 'passkey',
        credentialId,
        prfSalt: reader.fixed(prfSaltBytes),
        sealed: reader.fixed(sealedKeyBytes),
      }
    }
    case kinds.device:
      return { kind: 'device', sealed: reader.fixed(sealedKeyBytes) }
    default:
      throw badHeader()
  }
}

function badHeader(): CodecError {
  return new CodecError('bad-value', 'not the header of a vault')
}
