import { useEffect, useState } from 'react'

export type Loaded<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'loaded'; readonly value: T }
  | { readonly kind: 'failed'; readonly again: () => void }

/**
 * Something that is loaded ahead of its use, because it may be wanted when the way to the node is gone.
 * @param load the same function on every render; undefined while it is not wanted.
 */
export function useLoaded<T>(load: (() => Promise<T>) | undefined): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ kind: 'loading' })
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    let wanted = true
    const enter = (next: Loaded<T>): void => {
      if (wanted) setLoaded(next)
    }
    const again = (): void => {
      enter({ kind: 'loading' })
      setAttempt(attempt + 1)
    }
    load?.().then(
      (value) => enter({ kind: 'loaded', value }),
      () => enter({ kind: 'failed', again }),
    )
    return () => {
      wanted = false
    }
  }, [load, attempt])
  return loaded
}
