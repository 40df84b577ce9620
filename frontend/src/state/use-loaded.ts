import { useEffect, useState } from 'react'

export type Loaded<T> =
  { readonly kind: 'loading' } | { readonly kind: 'loaded'; readonly value: T } | { readonly kind: 'failed' }

/**
 * Something that is loaded ahead of its use, because it may be wanted when the way to the node is gone.
 * @param load the same function on every render.
 */
export function useLoaded<T>(load: () => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ kind: 'loading' })
  useEffect(() => {
    let wanted = true
    const enter = (next: Loaded<T>): void => {
      if (wanted) setLoaded(next)
    }
    load().then(
      (value) => enter({ kind: 'loaded', value }),
      () => enter({ kind: 'failed' }),
    )
    return () => {
      wanted = false
    }
  }, [load])
  return loaded
}
