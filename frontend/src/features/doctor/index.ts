/**
 * Purpose. The connection check: what was tried, what stands in the way, what to ask an IT department for.
 * Promises. Closing it ends the check at once; the report it copies holds no address.
 * Does not. Join or change anything.
 * May import. session, state, text, ui; types of core.
 */
export { DoctorDialog } from './DoctorDialog.tsx'
