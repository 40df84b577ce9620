/**
 * Purpose. The data room's calls over HTTP (docs/protocol/files.md).
 * Promises. Bodies are bounded, whole and admitted before the store sees them; answers stream; each failure has its code and status.
 * Does not. Judge hosts or origins: the door does.
 * May import. access, store, the limits and refusals beside it.
 */
export { DataApi } from './data-api.ts'
