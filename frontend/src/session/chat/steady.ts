/** The next list with the objects of the one before wherever they say the same, so that only what has changed is drawn again. */
export function steady<Item extends { readonly id: string }>(
  before: readonly Item[],
  next: readonly Item[],
): readonly Item[] {
  const known = new Map(before.map((item) => [item.id, item]))
  return next.map((item) => {
    const old = known.get(item.id)
    return old !== undefined && isSame(old, item) ? old : item
  })
}

function isSame<Item extends object>(a: Item, b: Item): boolean {
  const names = Object.keys(b) as (keyof Item)[]
  return names.length === Object.keys(a).length && names.every((name) => isSameValue(a[name], b[name]))
}

/** Of plain values only, as views are. */
function isSameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  return typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b)
}
