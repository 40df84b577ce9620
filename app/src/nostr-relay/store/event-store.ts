import type Database from 'libsql'
import { tagValue, tagValues, type NostrEvent } from '@p2pigeon/core/nostr'
import type { NostrRelayLimits } from '../limits.ts'
import { classOf, deletionKind, expirationOf, giftWrapKind, indexedTags, recipientOf } from '../rules/index.ts'
import type { Filter } from '../wire/index.ts'
import { filterQuery, type Viewer } from './filter-query.ts'
import { openDatabase } from './schema.ts'
import { prepareStatements, Query, type Statements, type StoredRow } from './statements.ts'
import { Tally } from './tally.ts'

/**
 * `outdated`: a newer version of a replaceable event is there. `deleted`: its author, or a gift wrap's recipient, asked
 * for its deletion before.
 */
export type Stored = 'stored' | 'duplicate' | 'outdated' | 'deleted'

/** Rows that one statement of an eviction or a sweep touches. */
const batch = 64

/**
 * The stored events. Never more than the limits say: the oldest arrivals make room. Everything is synchronous, and a change
 * is whole or not at all; whatever SQLite throws (a full disk) comes through.
 */
export class EventStore {
  readonly #database: Database.Database
  readonly #statements: Statements
  readonly #limits: NostrRelayLimits
  readonly #queries = new Map<string, Query<{ readonly seq: number }>>()
  #tally: Tally
  #lastSeq: number

  /** @throws {UsageError} `store-too-new`, `store-unusable`: `message` is one line that says what to do. */
  constructor(file: string, limits: NostrRelayLimits) {
    this.#database = openDatabase(file)
    this.#limits = limits
    this.#statements = prepareStatements(this.#database)
    this.#tally = this.#count()
    this.#lastSeq = this.#statements.lastSeq.first()?.seq ?? 0
  }

  get events(): number {
    return this.#tally.events
  }

  get bytes(): number {
    return this.#tally.bytes
  }

  /** Keeps a genuine event that is not ephemeral, with what it replaces or deletes gone. `body` is its JSON. */
  add(event: NostrEvent, body: string, nowSeconds: number): Stored {
    return this.#change(() => {
      if (this.#statements.known.first(event.id)) return 'duplicate'
      const kindClass = classOf(event.kind)
      const slot = kindClass === 'addressable' ? (tagValue(event, 'd') ?? '') : kindClass === 'replaceable' ? '' : null
      const recipient = event.kind === giftWrapKind ? (recipientOf(event) ?? null) : null
      if (this.#isDeleted(event, slot, recipient)) return 'deleted'
      if (slot !== null && !this.#takeSlot(event, slot)) return 'outdated'
      if (event.kind === deletionKind) this.#delete(event)
      this.#insert(event, body, slot, recipient, nowSeconds)
      this.#makeRoom(recipient)
      return 'stored'
    })
  }

  /** The `seq` of what matches, newest first; at most the filter's limit. */
  find(filter: Filter, viewer: Viewer): readonly number[] {
    if (filter.limit === 0) return []
    const { sql, values } = filterQuery(filter, viewer)
    let query = this.#queries.get(sql)
    if (!query) {
      query = new Query(this.#database, sql)
      this.#queries.set(sql, query)
    }
    return query.all(...values).map(({ seq }) => seq)
  }

  /** Undefined when it is gone or has expired meanwhile. */
  body(seq: number, nowSeconds: number): string | undefined {
    return this.#statements.body.first(seq, nowSeconds)?.body
  }

  /** Throws away some of what has expired or stayed too long; true when there may be more. */
  sweep(nowSeconds: number): boolean {
    const arrivedBefore = nowSeconds - this.#limits.retentionMs / 1_000
    return this.#change(() => {
      const expired = this.#statements.expired.all(nowSeconds, batch)
      this.#remove(expired)
      const old = this.#statements.oldestPassing.all(batch).filter(({ arrived_at: at }) => at < arrivedBefore)
      this.#remove(old)
      return expired.length === batch || old.length === batch
    })
  }

  close(): void {
    this.#database.close()
  }

  #change<T>(run: () => T): T {
    try {
      return this.#database.transaction(run).immediate()
    } catch (fault) {
      this.#tally = this.#count()
      throw fault
    }
  }

  #count(): Tally {
    const tally = new Tally(this.#limits)
    for (const { lasting, ...sum } of this.#statements.sums.all()) tally.change({ ...sum, lasting: lasting === 1 })
    return tally
  }

  #isDeleted(event: NostrEvent, slot: string | null, recipient: string | null): boolean {
    if (event.kind === deletionKind) return false
    const { deletedById, deletedByAddress } = this.#statements
    if (deletedById.first(event.pubkey, recipient ?? event.pubkey, event.id)) return true
    if (slot === null) return false
    const address = `${String(event.kind)}:${event.pubkey}:${slot}`
    return deletedByAddress.first(event.pubkey, event.created_at, address) !== undefined
  }

  /** False when what is there is newer; by equal time the lower id stays (NIP-01). */
  #takeSlot({ pubkey, kind, created_at: createdAt, id }: NostrEvent, slot: string): boolean {
    const there = this.#statements.inSlot.first(pubkey, kind, slot)
    if (!there) return true
    if (there.created_at > createdAt || (there.created_at === createdAt && there.id < id)) return false
    this.#remove([there])
    return true
  }

  /** NIP-09. */
  #delete(request: NostrEvent): void {
    const { deletable, inSlot } = this.#statements
    for (const id of new Set(tagValues(request, 'e'))) this.#remove(deletable.all(id, request.pubkey, request.pubkey))
    for (const address of new Set(tagValues(request, 'a'))) {
      const [, kind, pubkey, slot] = /^(\d{1,5}):([0-9a-f]{64}):(.*)$/s.exec(address) ?? []
      if (kind === undefined || pubkey !== request.pubkey || slot === undefined) continue
      const there = inSlot.first(pubkey, Number(kind), slot)
      if (there && there.created_at <= request.created_at) this.#remove([there])
    }
  }

  #insert(event: NostrEvent, body: string, slot: string | null, recipient: string | null, nowSeconds: number): void {
    const seq = ++this.#lastSeq
    const size = Buffer.byteLength(body)
    const expiresAt = expirationOf(event) ?? null
    const { id, pubkey, kind, created_at: createdAt } = event
    const { insert, insertTags } = this.#statements
    insert.run(seq, id, pubkey, kind, createdAt, nowSeconds, expiresAt, slot, recipient, size, body)
    const tags = indexedTags(event)
    if (tags.length > 0) insertTags.run(seq, JSON.stringify(tags))
    this.#tally.change({ events: 1, bytes: size, lasting: slot !== null, recipient })
  }

  #makeRoom(recipient: string | null): void {
    const { oldestOf, oldestPassing, oldestLasting } = this.#statements
    if (recipient !== null)
      this.#evict(
        () => this.#tally.recipientOver(recipient),
        () => oldestOf.all(recipient, batch),
      )
    this.#evict(
      () => this.#tally.passingOver,
      () => oldestPassing.all(batch),
    )
    this.#evict(
      () => this.#tally.lastingOver,
      () => oldestLasting.all(batch),
    )
  }

  #evict(over: () => boolean, oldest: () => readonly StoredRow[]): void {
    while (over()) {
      const rows = oldest()
      if (rows.length === 0) return
      for (const row of rows) if (over()) this.#remove([row])
    }
  }

  #remove(rows: readonly StoredRow[]): void {
    for (const { seq, size, slot, recipient } of rows) {
      this.#statements.remove.run(seq)
      this.#tally.change({ events: -1, bytes: -size, lasting: slot !== null, recipient })
    }
  }
}
