import { closeSync, openSync } from 'node:fs'
import Database from 'libsql'
import { UsageError } from '@p2pigeon/core'

/** Counts up with every change of the tables. */
const schemaVersion = 1

/**
 * `seq` counts arrivals. `slot` is what a replaceable event is the newest of: '' or its `d` tag, NULL for all others.
 * `recipient` is whom a gift wrap is for. Times are Unix seconds as in the events, `arrived_at` too.
 */
const tables = `
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    pubkey TEXT NOT NULL,
    kind INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    arrived_at INTEGER NOT NULL,
    expires_at INTEGER,
    slot TEXT,
    recipient TEXT,
    size INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX events_by_time ON events (created_at DESC, id);
  CREATE INDEX events_by_kind ON events (kind, created_at DESC);
  CREATE INDEX events_by_author ON events (pubkey, kind, created_at DESC);
  CREATE INDEX events_by_expiry ON events (expires_at) WHERE expires_at IS NOT NULL;
  CREATE UNIQUE INDEX events_by_slot ON events (pubkey, kind, slot) WHERE slot IS NOT NULL;
  CREATE INDEX events_by_recipient ON events (recipient, seq) WHERE recipient IS NOT NULL;
  CREATE INDEX passing_events ON events (seq) WHERE slot IS NULL;
  CREATE INDEX lasting_events ON events (seq) WHERE slot IS NOT NULL;
  CREATE TABLE tags (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    event INTEGER NOT NULL REFERENCES events (seq) ON DELETE CASCADE,
    PRIMARY KEY (name, value, event)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tags_by_event ON tags (event);
  PRAGMA user_version = ${schemaVersion};
`

/**
 * Opens the database, made if it is not there and readable by its owner alone. Commits reach the disk in bulk: a crash of
 * the process loses nothing, one of the machine may lose the last moments (WAL, `synchronous = NORMAL`).
 * @throws {UsageError} `store-too-new`, `store-unusable`: `message` is one line that says what to do.
 */
export function openDatabase(file: string): Database.Database {
  let database: Database.Database | undefined
  try {
    if (file !== ':memory:') closeSync(openSync(file, 'a', 0o600))
    database = new Database(file)
    prepare(database)
    return database
  } catch (fault) {
    database?.close()
    if (fault instanceof UsageError) throw fault
    throw new UsageError('store-unusable', `The stored Nostr events cannot be used. ${remedy}`, { cause: fault })
  }
}

const remedy = 'Move nostr.db away to start afresh.'

function prepare(database: Database.Database): void {
  for (const pragma of [
    'journal_mode = WAL',
    'synchronous = NORMAL',
    'foreign_keys = ON',
    // What is deleted or has expired is overwritten, not only unlinked.
    'secure_delete = ON',
    'journal_size_limit = 67108864',
    'busy_timeout = 2000',
  ])
    database.prepare(`PRAGMA ${pragma}`).all()
  const version = versionOf(database)
  if (version > schemaVersion)
    throw new UsageError('store-too-new', `The Nostr events were stored by a later version. ${remedy}`)
  if (version === 0) database.transaction(() => database.exec(tables))()
}

function versionOf(database: Database.Database): number {
  const row = database.prepare('PRAGMA user_version').get() as { readonly user_version: number }
  return row.user_version
}
