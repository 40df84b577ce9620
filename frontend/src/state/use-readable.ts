import { useSyncExternalStore } from 'react'
import type { Readable } from './store.ts'

/** The present value; renders again when it changes. */
export function useReadable<T>(readable: Readable<T>): T {
  return useSyncExternalStore(readable.subscribe, readable.get, readable.get)
}
