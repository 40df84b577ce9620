/**
 * Purpose. The events that a relay keeps, in SQLite, and the translation of filters into SQL.
 * Promises. What is found is what the filter matches in memory; bounds hold after every change; a change is whole or not at all.
 * Does not. Verify events, or decide who may see or send them.
 * May import. @p2pigeon/core, @p2pigeon/core/nostr, libsql, the rules of the folder above.
 */
export { EventStore, type Stored } from './event-store.ts'
export type { Viewer } from './filter-query.ts'
