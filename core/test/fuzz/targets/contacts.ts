import {
  addContact,
  decodeBook,
  decodeRequests,
  emptyBook,
  encodeBook,
  encodeCard,
  encodeRequests,
  exportBook,
  meetRecord,
  noRequests,
  noteRequest,
  readCard,
  readExport,
  readRoster,
  signRoster,
  trustOrganisation,
  type ContactBook,
} from '../../../src/contacts/index.ts'
import { decodeForeignBook } from '../../../src/contacts/book-codec.ts'
import { AuthenticationError, CodecError } from '../../../src/errors/index.ts'
import { card, dayMs, nowMs, organisation, person, record } from '../../contacts.ts'
import { bytesOf, target, textOf } from '../target.ts'

const refuses = [CodecError, AuthenticationError]

async function roster() {
  const [member, gone, signer] = await Promise.all([card(1, 'Ada'), person(3), organisation()])
  return signRoster(signer, {
    organisation: 'Acme',
    seq: 2,
    issuedAtMs: nowMs,
    expiresAtMs: nowMs + 90 * dayMs,
    members: [
      { name: 'Ada', publicKey: member.record.publicKey, record: member.record },
      { name: 'Bob', publicKey: (await person(2)).publicKey, record: undefined },
    ],
    revoked: [{ publicKey: gone.publicKey, atMs: nowMs }],
  })
}

async function books(): Promise<readonly ContactBook[]> {
  const known = addContact(emptyBook, await card(1, 'Ada'), 'scanned', nowMs).book
  const changing = meetRecord(known, await record(1, 2, [1, 5]), nowMs).book
  return [emptyBook, known, trustOrganisation(changing, await roster(), nowMs).book]
}

export const contactCard = target({
  name: 'contact-card',
  seeds: async () => [
    bytesOf(await encodeCard(await card(1, 'Ada'))),
    bytesOf(`#/c/${await encodeCard(await card(2, 'é'))}`),
  ],
  words: ['#/c/', 'https://'],
  decode: (input) => readCard(textOf(input)),
  encode: async (read) => bytesOf(await encodeCard(read)),
  form: 'clean',
  refuses,
})

export const rosterFile = target({
  name: 'roster',
  seeds: async () => [(await roster()).bytes],
  words: ['PGNr'],
  decode: readRoster,
  encode: ({ bytes }) => bytes,
  refuses,
})

export const keptBook = target({
  name: 'contact-book',
  seeds: async () => (await books()).map(encodeBook),
  decode: decodeBook,
  encode: encodeBook,
})

export const foreignBook = target({
  name: 'foreign-contact-book',
  seeds: async () => (await books()).map(encodeBook),
  decode: decodeForeignBook,
  encode: encodeBook,
  refuses,
})

export const exportedBook = target({
  name: 'contact-export',
  seeds: async () => {
    const owner = await person(50)
    return Promise.all((await books()).map((book) => exportBook(book, owner)))
  },
  words: ['PGNc'],
  decode: readExport,
  refuses,
})

export const requests = target({
  name: 'contact-requests',
  seeds: async () => {
    const asking = { record: await record(1, 1), name: 'Ada' }
    const one = noteRequest(noRequests, emptyBook, asking, nowMs).list
    const two = noteRequest(one, emptyBook, { record: await record(2, 1), name: 'Bob' }, nowMs).list
    return [noRequests, one, two].map(encodeRequests)
  },
  decode: decodeRequests,
  encode: encodeRequests,
  refuses,
})
