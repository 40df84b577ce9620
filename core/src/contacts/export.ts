import { concat, equal } from '../bytes/index.ts'
import { Reader, Writer } from '../codec/index.ts'
import { AuthenticationError } from '../errors/index.ts'
import { isInForce, verifySignature, type Signer } from '../identity/index.ts'
import { addContact } from './book.ts'
import { decodeForeignBook, encodeBook, maxBookBytes } from './book-codec.ts'
import { contactOf, type ContactBook } from './contact.ts'
import { contentOf, magic, orDamaged } from './file-form.ts'
import { mergeBooks } from './merge-books.ts'

/*
 * An export is
 *
 *   "PGNc" | version u8 | Ed25519 key of whoever exports 32 | book (u32 length, bytes) | Ed25519 signature 64 over everything before it
 *
 * It is readable by anybody who has it. The signature is there for the reader: verifications, organisations and accepted keys are taken over from
 * oneself alone.
 */
const version = 1
const exportDomain = 'p2pigeon/v1/contact-export'
const signatureBytes = 64

export interface ExportedBook {
  readonly signedBy: Uint8Array<ArrayBuffer>
  readonly book: ContactBook
}

/**
 * The book as a file: not encrypted.
 * @throws {LimitError} `book-too-large`
 */
export async function exportBook(book: ContactBook, signer: Signer): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new Writer().fixed(magic.contacts).u8(version).fixed(signer.publicKey).bytes32(encodeBook(book))
  const signed = writer.finish()
  return concat(signed, await signer.sign(exportDomain, signed))
}

/**
 * Reads a file, whoever signed it.
 * @throws {CodecError} `contacts-missing`: another kind of file. `contacts-version`: of a later version. `contacts-damaged`.
 * @throws {AuthenticationError} `contacts-not-genuine`, or those of `decodeForeignBook`.
 */
export async function readExport(bytes: Uint8Array): Promise<ExportedBook> {
  const content = contentOf('contacts', version, bytes)
  return orDamaged('contacts-damaged', async () => {
    const reader = new Reader(content)
    const signedBy = reader.fixed(32)
    const book = reader.bytes32(maxBookBytes)
    const signature = reader.fixed(signatureBytes)
    reader.end()
    if (!(await verifySignature(signedBy, exportDomain, bytes.subarray(0, -signatureBytes), signature))) {
      throw new AuthenticationError('contacts-not-genuine', 'the file was changed after it was signed')
    }
    return { signedBy, book: await decodeForeignBook(book) }
  })
}

/**
 * Takes a file over.
 *
 * | signed by                           | what is taken                                                                              |
 * | ----------------------------------- | ------------------------------------------------------------------------------------------ |
 * | one of `ownKeys`: this user's own   | everything: see `mergeBooks`                                                                 |
 * | anybody else                        | people who have a record in force, as if each had sent a card, under the name they have there; |
 * |                                     | no verification, organisation, block or accepted change                                    |
 *
 * @param ownKeys the long-term key, and those of the devices that the own record lists.
 * @throws {LimitError} `too-many-contacts`, `too-many-organisations`
 */
export function importBook(
  book: ContactBook,
  { signedBy, book: imported }: ExportedBook,
  ownKeys: readonly Uint8Array[],
  nowMs: number,
): ContactBook {
  if (ownKeys.some((key) => equal(key, signedBy))) return mergeBooks(book, imported)
  let next = book
  for (const { id, publicKey, record, petname } of imported.contacts) {
    const isSelf = ownKeys.some((key) => equal(key, publicKey))
    if (record === undefined || isSelf || !isInForce(record, nowMs)) continue
    // Somebody who is known keeps the name that they gave themselves.
    const name = contactOf(next, id)?.claimedName ?? petname
    next = addContact(next, { name, record }, 'link', nowMs).book
  }
  return next
}
