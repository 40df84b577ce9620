import { fromHex, toHex } from '../../bytes/index.ts'
import { fileName, type Reader, type Writer } from '../../codec/index.ts'
import { CodecError, UsageError } from '../../errors/index.ts'
import { maxMessageFiles, type MessageFile } from '../view.ts'

const idBytes = 16
const idForm = /^[0-9a-f]{32}$/
/** A clean name is no longer, and what every file system takes. */
const maxNameBytes = 255
/** As in the data room. */
const maxMediaTypeBytes = 127
/** RFC 6838, without parameters. */
const mediaTypeForm = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/

const none: readonly MessageFile[] = []

/** What is said of a file as it is safe to show, whoever says it. @throws {UsageError} `bad-file` for an id or a size that no file has. */
export function cleanMessageFile({ id, name, sizeBytes, mediaType }: MessageFile): MessageFile {
  if (!idForm.test(id) || !Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
    throw new UsageError('bad-file', 'no file has this id or size')
  }
  return { id, name: fileName(name), sizeBytes, mediaType: cleanMediaType(mediaType) }
}

/** Writes clean files, at most `maxMessageFiles`. */
export function writeMessageFiles(writer: Writer, files: readonly MessageFile[]): Writer {
  writer.u8(files.length)
  for (const { id, name, sizeBytes, mediaType } of files) {
    writer.fixed(fromHex(id)).u64(sizeBytes).text16(name).text16(mediaType)
  }
  return writer
}

/** Names and types come out clean. @throws {CodecError} */
export function readMessageFiles(reader: Reader): readonly MessageFile[] {
  const count = reader.u8()
  if (count > maxMessageFiles) throw new CodecError('too-long', 'more files than a message has')
  if (count === 0) return none
  return Array.from({ length: count }, () => ({
    id: toHex(reader.fixed(idBytes)),
    sizeBytes: reader.u53(),
    name: fileName(reader.text16(maxNameBytes)),
    mediaType: cleanMediaType(reader.text16(maxMediaTypeBytes)),
  }))
}

function cleanMediaType(written: string): string {
  const type = written.split(';')[0]?.trim().toLowerCase() ?? ''
  return type.length <= maxMediaTypeBytes && mediaTypeForm.test(type) ? type : ''
}
