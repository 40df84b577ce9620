import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { card, dayMs, nowMs, person, record } from '../../test/contacts.ts'
import { AuthenticationError, CodecError } from '../errors/index.ts'
import {
  addContact,
  blockContact,
  decodeRequests,
  dropRequest,
  emptyBook,
  encodeRequests,
  maxRequests,
  noRequests,
  noteRequest,
  replaceIdentity,
  type RequestList,
} from './index.ts'
import { requestBurst, requestRefillMs } from './requests.ts'

const [ada, bob] = [await record(1, 5), await record(2, 1)]
const ask = (list: RequestList, one = ada, name = 'Ada', atMs = nowMs) =>
  noteRequest(list, emptyBook, { record: one, name }, atMs)
const withAda = ask(noRequests).list

describe('a request', () => {
  it('of somebody new is noted once, with a name that is safe to show', () => {
    const { list, noted } = ask(noRequests, ada, ' A\u202eda\n')
    expect(noted).toBe('added')
    expect(list.requests).toEqual([{ record: ada, name: 'Ada', firstAtMs: nowMs, lastAtMs: nowMs }])
    const again = ask(list, ada, 'Ada L', nowMs + 5)
    expect(again.noted).toBe('repeated')
    expect(again.list.requests).toEqual([{ record: ada, name: 'Ada L', firstAtMs: nowMs, lastAtMs: nowMs + 5 }])
  })

  it('of a contact is none, blocked or changing included', async () => {
    const { id } = await person(1)
    const book = addContact(emptyBook, await card(1, 'Ada'), 'link', nowMs).book
    const changing = replaceIdentity(book, id, await card(2, 'Ada'), nowMs)
    for (const [one, some] of [
      [ada, book],
      [ada, blockContact(book, id, true, nowMs)],
      [bob, changing],
    ] as const) {
      expect(noteRequest(noRequests, some, { record: one, name: 'x' }, nowMs)).toEqual({
        list: noRequests,
        noted: 'known',
      })
    }
  })

  it('with an old record, or one whose time is over, is none', async () => {
    expect(ask(withAda, await record(1, 4)).noted).toBe('stale')
    expect(ask(withAda, await record(1, 5, [9])).noted).toBe('stale')
    expect(ask(noRequests, ada, 'Ada', nowMs + 400 * dayMs).noted).toBe('stale')
  })

  it('that is answered is gone', async () => {
    const { list } = ask(withAda, bob, 'Bob')
    expect(dropRequest(list, (await person(1)).id).requests.map(({ name }) => name)).toEqual(['Bob'])
  })
})

describe('a flood of strangers', async () => {
  const strangers = await Promise.all(Array.from({ length: 100 }, (_, index) => record(60 + index, 1, [1])))

  it('gets six at once and one in ten seconds, whoever they are', () => {
    let list = noRequests
    const answers = strangers.map((one) => {
      const result = ask(list, one)
      ;({ list } = result)
      return result.noted
    })
    expect(answers.filter((one) => one === 'added')).toHaveLength(requestBurst)
    expect(ask(list, ada, 'Ada', nowMs + requestRefillMs - 1).noted).toBe('limited')
    expect(ask(list, ada, 'Ada', nowMs + requestRefillMs).noted).toBe('added')
    expect(ask(list, ada, 'Ada', nowMs - dayMs).noted).toBe('limited')
  })

  it('never keeps more than 64, the latest', () => {
    let list = noRequests
    strangers.forEach((one, index) => {
      ;({ list } = ask(list, one, 'x', nowMs + index * requestRefillMs))
    })
    expect(list.requests).toHaveLength(maxRequests)
    expect(list.requests[0]?.record).toEqual(strangers.at(-1))
  })
})

describe('requests in bytes', () => {
  it('survive the round trip, with a full bucket', async () => {
    const { list } = ask(withAda, bob, 'Bob', nowMs + 5)
    expect(await decodeRequests(encodeRequests(list))).toEqual({ ...noRequests, requests: list.requests })
    await expect(decodeRequests(Uint8Array.of(2, 0))).rejects.toMatchObject({ code: 'requests-version' })
  })

  it('altered or cut are refused with a type', async () => {
    const bytes = encodeRequests(withAda)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), fc.boolean(), async (at, value, isCut) => {
        const altered = isCut ? bytes.slice(0, at) : bytes.with(at, value)
        try {
          expect(encodeRequests(await decodeRequests(altered))).toEqual(altered)
        } catch (error) {
          if (!(error instanceof CodecError) && !(error instanceof AuthenticationError)) throw error
        }
      }),
      { numRuns: 150 },
    )
  })

  it('with one person twice are refused', async () => {
    const [one] = withAda.requests
    if (one === undefined) throw new Error('nobody')
    await expect(decodeRequests(encodeRequests({ ...withAda, requests: [one, one] }))).rejects.toMatchObject({
      code: 'bad-value',
    })
  })
})
