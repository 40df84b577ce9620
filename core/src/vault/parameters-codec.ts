import type { Reader, Writer } from '../codec/index.ts'
import type { PassphraseParameters } from './passphrase.ts'

/** `u32(memory in KiB) || u8(iterations) || u8(parallelism)`. */
export function writeParameters(writer: Writer, parameters: PassphraseParameters): Writer {
  return writer.u32(parameters.memoryKiB).u8(parameters.iterations).u8(parameters.parallelism)
}

/** Unjudged: see `areAcceptable`. */
export function readParameters(reader: Reader): PassphraseParameters {
  return { memoryKiB: reader.u32(), iterations: reader.u8(), parallelism: reader.u8() }
}
