import { isVisibleText, Reader, Writer } from '../codec/index.ts'
import { CodecError } from '../errors/index.ts'
import {
  isInForce,
  maxRecordBytes,
  readRecord,
  successionOf,
  type IdentityId,
  type IdentityRecord,
} from '../identity/index.ts'
import { cleanPetname, contactOf, maxPetnameBytes, maxPetnameLength, type ContactBook } from './contact.ts'

/** Requests kept: as many as a person looks through. One of each identity; the one heard of least lately makes room. */
export const maxRequests = 64
/** New identities cost nothing, so all of them share one bucket: six at once, then one in ten seconds. */
export const requestBurst = 6
export const requestRefillMs = 10_000

/** Somebody who is no contact and would like to be. */
export interface ContactRequest {
  readonly record: IdentityRecord
  /** What they call themselves. */
  readonly name: string
  readonly firstAtMs: number
  readonly lastAtMs: number
}

/** The latest first. */
export interface RequestList {
  readonly requests: readonly ContactRequest[]
  /** Of the bucket, and when it was counted. */
  readonly tokens: number
  readonly countedAtMs: number
}

export const noRequests: RequestList = { requests: [], tokens: requestBurst, countedAtMs: 0 }

/**
 * Somebody asks.
 *
 * | who                                             | noted      | the list                                     | a token |
 * | ----------------------------------------------- | ---------- | -------------------------------------------- | ------- |
 * | a contact, also one that is blocked or changing | `known`    | as before                                    | kept    |
 * | with a record whose time is over, or an old one | `stale`    | as before                                    | kept    |
 * | anybody, while the bucket is empty              | `limited`  | as before                                    |         |
 * | in the list already                             | `repeated` | goes to the front, with the new record, name | taken   |
 * | new                                             | `added`    | goes to the front, the last may drop out     | taken   |
 */
export function noteRequest(
  list: RequestList,
  book: ContactBook,
  asking: { readonly record: IdentityRecord; readonly name: string },
  nowMs: number,
): { readonly list: RequestList; readonly noted: 'added' | 'repeated' | 'limited' | 'known' | 'stale' } {
  const { record, name } = asking
  const isKnown = contactOf(book, record.id) ?? book.contacts.find(({ change }) => change?.record.id === record.id)
  if (isKnown !== undefined) return { list, noted: 'known' }
  const before = list.requests.find((one) => one.record.id === record.id)
  const succession = before === undefined ? 'newer' : successionOf(before.record, record)
  if (!isInForce(record, nowMs) || succession === 'older' || succession === 'conflicting')
    return { list, noted: 'stale' }
  const tokens = tokensOf(list, nowMs)
  if (tokens < 1) return { list: { ...list, tokens, countedAtMs: nowMs }, noted: 'limited' }
  const request = { record, name: cleanPetname(name), firstAtMs: before?.firstAtMs ?? nowMs, lastAtMs: nowMs }
  const requests = [request, ...without(list.requests, record.id)].slice(0, maxRequests)
  const next = { requests, tokens: tokens - 1, countedAtMs: nowMs }
  return { list: next, noted: before === undefined ? 'added' : 'repeated' }
}

/** The user has answered, or looks at it no longer. */
export function dropRequest(list: RequestList, id: IdentityId): RequestList {
  return { ...list, requests: without(list.requests, id) }
}

/*
 * A list is  version u8 | count u8 | (record (u16 length, bytes) | name (u16 length, UTF-8) | first at u64 | last at u64) * count
 * without its bucket: a start of the page fills it.
 */
const version = 1

export function encodeRequests({ requests }: RequestList): Uint8Array<ArrayBuffer> {
  const writer = new Writer().u8(version).u8(requests.length)
  for (const { record, name, firstAtMs, lastAtMs } of requests) {
    writer.bytes16(record.bytes).text16(name).u64(firstAtMs).u64(lastAtMs)
  }
  return writer.finish()
}

/**
 * @throws {CodecError} `requests-version` for one of a later version; otherwise as `readRecord`.
 * @throws {AuthenticationError} `record-not-genuine`
 */
export async function decodeRequests(bytes: Uint8Array): Promise<RequestList> {
  const reader = new Reader(bytes)
  if (reader.u8() !== version) throw new CodecError('requests-version', 'the list needs a newer version')
  const count = reader.u8()
  if (count > maxRequests) throw new CodecError('too-long', 'list longer than its limit')
  const unread = Array.from({ length: count }, () => ({
    bytes: reader.bytes16(maxRecordBytes),
    name: reader.text16(maxPetnameBytes),
    firstAtMs: reader.u53(),
    lastAtMs: reader.u53(),
  }))
  reader.end()
  const requests: ContactRequest[] = []
  for (const { bytes: record, ...rest } of unread) requests.push({ ...rest, record: await readRecord(record) })
  const isUnclean = requests.some(({ name }) => !isVisibleText(name, maxPetnameLength))
  if (isUnclean || new Set(requests.map(({ record }) => record.id)).size < count) {
    throw new CodecError('bad-value', 'not the form of a list of requests')
  }
  return { ...noRequests, requests }
}

/** A clock that goes back gives nothing. */
function tokensOf({ tokens, countedAtMs }: RequestList, nowMs: number): number {
  return Math.min(requestBurst, tokens + Math.max(0, nowMs - countedAtMs) / requestRefillMs)
}

function without(requests: readonly ContactRequest[], id: IdentityId): readonly ContactRequest[] {
  return requests.filter(({ record }) => record.id !== id)
}
