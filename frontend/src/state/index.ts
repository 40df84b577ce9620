/**
 * Purpose. One shape for values that change over time, and the hooks that show them or load them ahead.
 * Promises. A listener hears a change once; an unchanged value tells nobody.
 * Does not. Know what it holds.
 * May import. react (the hooks only).
 */
export { Store, type Readable, type Undo } from './store.ts'
export { useLoaded, type Loaded } from './use-loaded.ts'
export { useReadable } from './use-readable.ts'
