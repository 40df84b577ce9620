/**
 * Purpose. `pigeon roster`: an organisation says who its people are, in a file that their programs believe.
 * Promises. A key is never overwritten and readable by its owner only; a roster goes on from the one that it replaces and forgets no revocation;
 * every mistake is told in plain words, with the line, and without quoting what was written.
 * Does not. Use the network, or give the roster to anybody.
 * May import. platform, @p2pigeon/core, @p2pigeon/core/people.
 */
export { parseRosterCommand, type RosterCommand, type RosterOptions } from './command.ts'
export { performRoster } from './perform-roster.ts'
