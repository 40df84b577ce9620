/**
 * Purpose. Every word people read, and how times and numbers are written.
 * Promises. No other folder holds words for people; each fault code of core has words here or gets calm general ones.
 * Does not. Know components, rooms or devices.
 * May import. Nothing.
 */
import { en } from './en.ts'

export type Text = typeof en
/** The words in use. A second language is chosen here. */
export const text: Text = en
export { deviceFaultText, faultText, knowsFault, type FaultText } from './errors.ts'
export { bytesText, clockTime, count, day, timeAgo } from './format.ts'
export { roomName } from './room-name.ts'
export { constantRateCell, constantRateKilobits, policyWords } from './policy.ts'
export { vaultFault, vaultText } from './en-vault.ts'
