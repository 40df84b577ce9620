import { equal, utf8 } from '../bytes/index.ts'
import { CodecError } from '../errors/index.ts'

/** How files of this folder begin, so that a wrong file is told from a damaged one. */
export const magic = { roster: utf8('PGNr'), contacts: utf8('PGNc') } as const
export const magicBytes = 4

/**
 * What follows the beginning of a file of this kind.
 * @throws {CodecError} `<kind>-missing` if it is another file, `<kind>-version` if it is of a later version.
 */
export function contentOf(kind: keyof typeof magic, version: number, bytes: Uint8Array): Uint8Array {
  if (!equal(bytes.subarray(0, magicBytes), magic[kind]))
    throw new CodecError(`${kind}-missing`, 'another kind of file')
  if (bytes[magicBytes] !== version) throw new CodecError(`${kind}-version`, 'the file needs a newer version')
  return bytes.subarray(magicBytes + 1)
}

/** One code for whatever is wrong inside: nobody can act on which field it was. */
export async function orDamaged<Value>(code: string, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read()
  } catch (cause) {
    if (!(cause instanceof CodecError)) throw cause
    throw new CodecError(code, 'the contents are not as they were written', { cause })
  }
}
