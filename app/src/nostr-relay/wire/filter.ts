import { isHex } from '@p2pigeon/core/nostr'

/** What a subscription asks for (NIP-01), checked. A list that is empty matches nothing; one that is absent, everything. */
export interface Filter {
  readonly ids?: ReadonlySet<string>
  readonly authors?: ReadonlySet<string>
  readonly kinds?: ReadonlySet<number>
  /** By tag name without the `#`. */
  readonly tags: ReadonlyMap<string, ReadonlySet<string>>
  /** Unix seconds, both included. */
  readonly since?: number
  readonly until?: number
  /** Stored events at most. */
  readonly limit: number
}

export interface FilterBounds {
  readonly maxValuesPerFilter: number
  readonly maxTagConditions: number
  readonly maxLimit: number
}

/** Why a filter is refused, with the prefix that NIP-01 wants. */
export interface FilterRefusal {
  readonly refused: string
}

const keyTags = ['e', 'p']
const maxTagValueCharacters = 1_024

interface FilterDraft {
  ids?: ReadonlySet<string>
  authors?: ReadonlySet<string>
  kinds?: ReadonlySet<number>
  tags: Map<string, ReadonlySet<string>>
  since?: number
  until?: number
  limit: number
}

export function readFilter(value: unknown, bounds: FilterBounds): Filter | FilterRefusal {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return invalid('a filter is an object')
  const draft: FilterDraft = { tags: new Map(), limit: bounds.maxLimit }
  let values = 0
  for (const [name, field] of Object.entries(value)) {
    if (Array.isArray(field)) values += field.length
    if (values > bounds.maxValuesPerFilter) return invalid('a filter has too many values')
    const refused = take(draft, name, field, bounds)
    if (refused !== undefined) return { refused }
  }
  return draft
}

/** The reason when the field is refused. */
function take(draft: FilterDraft, name: string, field: unknown, bounds: FilterBounds): string | undefined {
  if (name === 'ids' || name === 'authors') {
    const keys = setOf(field, isKey)
    if (!keys) return 'invalid: ids and authors are lists of 64 lower-case hexadecimal digits'
    draft[name] = keys
  } else if (name === 'kinds') {
    const kinds = setOf(field, isKind)
    if (!kinds) return 'invalid: kinds is a list of numbers from 0 to 65535'
    draft.kinds = kinds
  } else if (name === 'since' || name === 'until') {
    if (!isCount(field)) return 'invalid: since and until are times in seconds'
    draft[name] = field
  } else if (name === 'limit') {
    if (!isCount(field)) return 'invalid: limit is a number'
    draft.limit = Math.min(field, bounds.maxLimit)
  } else if (/^#[a-zA-Z]$/.test(name)) {
    if (draft.tags.size >= bounds.maxTagConditions) return 'invalid: a filter has too many tag conditions'
    const tag = name.slice(1)
    const tagValues = setOf(field, keyTags.includes(tag) ? isKey : isTagValue)
    if (!tagValues) return 'invalid: tag conditions are lists of texts; those of #e and #p are 64 hexadecimal digits'
    draft.tags.set(tag, tagValues)
  } else return 'unsupported: filter contains unknown elements'
  return undefined
}

function invalid(words: string): FilterRefusal {
  return { refused: `invalid: ${words}` }
}

function setOf<T>(value: unknown, is: (item: unknown) => item is T): ReadonlySet<T> | undefined {
  return Array.isArray(value) && value.every(is) ? new Set<T>(value) : undefined
}

function isKey(value: unknown): value is string {
  return isHex(value, 64)
}

/** Tag values that can be asked for. SQLite would cut a text at a NUL. */
export function isTagValue(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maxTagValueCharacters && !value.includes('\0')
}

function isKind(value: unknown): value is number {
  return isCount(value) && value <= 65_535
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
