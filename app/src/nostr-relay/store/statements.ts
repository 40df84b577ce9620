import type Database from 'libsql'
import { deletionKind, giftWrapKind } from '../rules/index.ts'

type Bound = string | number | null

/** A statement whose values are always bound as one list: this binding reads a single `null` as an object. */
export class Query<Row> {
  readonly #statement: Database.Statement<[readonly Bound[]]>

  constructor(database: Database.Database, sql: string) {
    this.#statement = database.prepare<[readonly Bound[]]>(sql)
  }

  all(...values: readonly Bound[]): readonly Row[] {
    return this.#statement.all(values) as readonly Row[]
  }

  first(...values: readonly Bound[]): Row | undefined {
    return this.#statement.all(values)[0] as Row | undefined
  }

  run(...values: readonly Bound[]): void {
    this.#statement.run(values)
  }
}

/** A stored event as far as its removal needs it. */
export interface StoredRow {
  readonly seq: number
  readonly size: number
  readonly slot: string | null
  readonly recipient: string | null
}

const row = 'seq, size, slot, recipient'

interface StoredSum {
  readonly lasting: 0 | 1
  readonly recipient: string | null
  readonly events: number
  readonly bytes: number
}

/** Every fixed statement of the store, prepared once. */
export function prepareStatements(database: Database.Database) {
  const rows = (sql: string): Query<StoredRow> => new Query<StoredRow>(database, sql)
  return {
    sums: new Query<StoredSum>(
      database,
      'SELECT slot IS NOT NULL AS lasting, recipient, count(*) AS events, sum(size) AS bytes FROM events GROUP BY 1, 2',
    ),
    lastSeq: new Query<{ readonly seq: number }>(database, 'SELECT coalesce(max(seq), 0) AS seq FROM events'),
    body: new Query<{ readonly body: string }>(
      database,
      'SELECT body FROM events WHERE seq = ? AND (expires_at IS NULL OR expires_at > ?)',
    ),
    insert: new Query(
      database,
      `INSERT INTO events (seq, id, pubkey, kind, created_at, arrived_at, expires_at, slot, recipient, size, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertTags: new Query(
      database,
      `INSERT INTO tags (name, value, event)
       SELECT value ->> 0, value ->> 1, ? FROM json_each(?)`,
    ),
    remove: new Query(database, 'DELETE FROM events WHERE seq = ?'),
    known: new Query<{ readonly seq: number }>(database, 'SELECT seq FROM events WHERE id = ?'),
    inSlot: new Query<StoredRow & { readonly id: string; readonly created_at: number }>(
      database,
      `SELECT ${row}, id, created_at FROM events WHERE pubkey = ? AND kind = ? AND slot = ?`,
    ),
    /** NIP-09: asked for by the author; NIP-59: for gift wraps by the recipient. A deletion cannot be deleted. */
    deletable: rows(
      `SELECT ${row} FROM events WHERE id = ? AND kind <> ${deletionKind}
       AND (pubkey = ? OR (kind = ${giftWrapKind} AND recipient = ?))`,
    ),
    deletedById: rows(
      `SELECT ${row} FROM events WHERE +kind = ${deletionKind} AND +pubkey IN (?, ?)
       AND seq IN (SELECT event FROM tags WHERE name = 'e' AND value = ?) LIMIT 1`,
    ),
    deletedByAddress: rows(
      `SELECT ${row} FROM events WHERE +kind = ${deletionKind} AND +pubkey = ? AND +created_at >= ?
       AND seq IN (SELECT event FROM tags WHERE name = 'a' AND value = ?) LIMIT 1`,
    ),
    oldestPassing: new Query<StoredRow & { readonly arrived_at: number }>(
      database,
      `SELECT ${row}, arrived_at FROM events WHERE slot IS NULL ORDER BY seq LIMIT ?`,
    ),
    oldestLasting: rows(`SELECT ${row} FROM events WHERE slot IS NOT NULL ORDER BY seq LIMIT ?`),
    oldestOf: rows(`SELECT ${row} FROM events WHERE recipient = ? ORDER BY seq LIMIT ?`),
    expired: rows(`SELECT ${row} FROM events WHERE expires_at <= ? LIMIT ?`),
  } as const
}

export type Statements = ReturnType<typeof prepareStatements>
