/**
 * Purpose. `pigeon sync`: a local folder and a folder of the room become the same.
 * Promises. Neither side's change is overwritten; nothing is deleted unless that is wished, and nothing for the sake of a side that cannot be seen whole.
 * Does not. Sync empty folders, links, or what cannot have its name in the room.
 * May import. the commands for files around it.
 */
export { sync } from './sync.ts'
