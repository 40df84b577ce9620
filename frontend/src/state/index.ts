/**
 * Purpose. One shape for values that change over time, and the hook that shows them.
 * Promises. A listener hears a change once; an unchanged value tells nobody.
 * Does not. Know what it holds.
 * May import. react (the hook only).
 */
export { Store, type Readable, type Undo } from './store.ts'
export { useReadable } from './use-readable.ts'
