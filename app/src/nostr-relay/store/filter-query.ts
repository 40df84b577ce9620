import { giftWrapKind } from '../rules/index.ts'
import type { Filter } from '../wire/index.ts'

/** One statement and what to bind to it. The text depends on which conditions there are, never on their values. */
export interface FilterQuery {
  readonly sql: string
  readonly values: readonly (string | number)[]
}

export interface Viewer {
  /** Unix seconds: what has expired by then is not found. */
  readonly nowSeconds: number
  /** Gift wraps are found by these recipients only (NIP-17, NIP-59); undefined finds all. */
  readonly readers: readonly string[] | undefined
}

type Driver = 'ids' | 'authors' | 'tags' | 'kinds' | 'time'

/**
 * The `seq` of stored events that match, newest first, by equal time the lowest id first (NIP-01). Which index is walked is
 * decided here and not left to the planner, which has no statistics and would trust a stranger's filter: a `+` keeps it
 * from using the index of another column.
 */
export function filterQuery(filter: Filter, viewer: Viewer): FilterQuery {
  const driver = driverOf(filter)
  const conditions: string[] = []
  const values: (string | number)[] = []
  const where = (condition: string, ...bound: readonly (string | number)[]): void => {
    conditions.push(condition)
    values.push(...bound)
  }
  const column = (name: string, ...drivers: readonly Driver[]): string => (drivers.includes(driver) ? name : `+${name}`)
  const oneOf = (term: string, list: Iterable<string | number>): void => {
    where(`${term} IN (SELECT value FROM json_each(?))`, JSON.stringify([...list]))
  }
  if (filter.ids) oneOf(column('id', 'ids'), filter.ids)
  if (filter.authors) oneOf(column('pubkey', 'authors'), filter.authors)
  if (filter.kinds) oneOf(column('kind', 'authors', 'kinds'), filter.kinds)
  if (filter.since !== undefined) where(`${column('created_at', 'authors', 'kinds', 'time')} >= ?`, filter.since)
  if (filter.until !== undefined) where(`${column('created_at', 'authors', 'kinds', 'time')} <= ?`, filter.until)
  let tagDrives = driver === 'tags'
  for (const [name, list] of filter.tags) {
    const term = tagDrives ? 'seq' : '+seq'
    where(`${term} IN (SELECT event FROM tags WHERE name = ? AND value IN (SELECT value FROM json_each(?)))`)
    values.push(name, JSON.stringify([...list]))
    tagDrives = false
  }
  where('(expires_at IS NULL OR +expires_at > ?)', viewer.nowSeconds)
  if (viewer.readers) {
    where(
      `(+kind <> ${giftWrapKind} OR +recipient IN (SELECT value FROM json_each(?)))`,
      JSON.stringify(viewer.readers),
    )
  }
  const sql = `SELECT seq FROM events WHERE ${conditions.join(' AND ')} ORDER BY created_at DESC, id LIMIT ?`
  return { sql, values: [...values, filter.limit] }
}

function driverOf({ ids, authors, tags, kinds }: Filter): Driver {
  if (ids) return 'ids'
  if (authors) return 'authors'
  if (tags.size > 0) return 'tags'
  return kinds ? 'kinds' : 'time'
}
