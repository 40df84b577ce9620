import { rootFolder, type DataRoomView, type EntryView } from '@p2pigeon/core/files'

export type SortKey = 'name' | 'size' | 'changed'

export interface Sorting {
  readonly by: SortKey
  readonly isDown: boolean
}

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

const orders: Readonly<Record<SortKey, (one: EntryView, other: EntryView) => number>> = {
  name: (one, other) => names.compare(one.name, other.name),
  size: (one, other) => one.sizeBytes - other.sizeBytes,
  changed: (one, other) => one.modifiedAtMs - other.modifiedAtMs,
}

/** Folders first, then as asked, by name where that says nothing. */
export function sorted(entries: readonly EntryView[], { by, isDown }: Sorting): readonly EntryView[] {
  const order = orders[by]
  const sign = isDown ? -1 : 1
  return entries.toSorted((one, other) => {
    if (one.kind !== other.kind) return one.kind === 'folder' ? -1 : 1
    return sign * order(one, other) || names.compare(one.name, other.name)
  })
}

/** Everything whose name holds every word of the query, in any case. */
export function search(view: DataRoomView, query: string): readonly EntryView[] {
  const words = folded(query).split(/\s+/).filter(Boolean)
  return view.all().filter(({ name }) => {
    const text = folded(name)
    return words.every((word) => text.includes(word))
  })
}

function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}

/** From below the top down to `folder`. Empty for the top itself, and for a folder that is gone. */
export function pathTo(view: DataRoomView, folder: string): readonly EntryView[] {
  const path: EntryView[] = []
  for (let id = folder; id !== rootFolder;) {
    const entry = view.entry(id)
    if (!entry) return []
    path.unshift(entry)
    id = entry.parent
  }
  return path
}

/** What a click or a key selects: nothing but `id`, `id` too or no longer, or everything from the anchor to `id`. */
export type SelectionWay = 'only' | 'toggle' | 'range'

export interface Selection {
  readonly ids: ReadonlySet<string>
  /** Where the keyboard is. */
  readonly cursor: string | undefined
  /** Where a range begins. */
  readonly anchor: string | undefined
}

export const noSelection: Selection = { ids: new Set(), cursor: undefined, anchor: undefined }

export function select(before: Selection, rows: readonly string[], id: string, way: SelectionWay): Selection {
  switch (way) {
    case 'only':
      return { ids: new Set([id]), cursor: id, anchor: id }
    case 'toggle': {
      const ids = new Set(before.ids)
      if (!ids.delete(id)) ids.add(id)
      return { ids, cursor: id, anchor: id }
    }
    case 'range': {
      const from = rows.indexOf(before.anchor ?? id)
      const to = rows.indexOf(id)
      if (from < 0 || to < 0) return select(before, rows, id, 'only')
      const ids = new Set(rows.slice(Math.min(from, to), Math.max(from, to) + 1))
      return { ids, cursor: id, anchor: before.anchor ?? id }
    }
  }
}

/** The selection without what is not shown any more. */
export function pruned(selection: Selection, shown: ReadonlySet<string>): Selection {
  const { ids, cursor, anchor } = selection
  const kept = [...ids].filter((id) => shown.has(id))
  const keep = (id: string | undefined) => (id !== undefined && shown.has(id) ? id : undefined)
  if (kept.length === ids.size && keep(cursor) === cursor && keep(anchor) === anchor) return selection
  return { ids: new Set(kept), cursor: keep(cursor), anchor: keep(anchor) }
}
