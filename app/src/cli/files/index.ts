/**
 * Purpose. `pigeon share`, `get`, `ls` and `sync`: the files of a room from scripts.
 * Promises. Nothing that is here is overwritten or deleted unasked; a download appears whole under its name or not at all; what must be remembered of a
 * room is encrypted beside the key.
 * Does not. Talk to the DHT or render for terminals.
 * May import. the command line around it, platform, @p2pigeon/core, @p2pigeon/core/files.
 */
export { isFilesVerb, parseFilesDeed, type FilesCommand } from './command.ts'
export { keepRooms, type Keeping } from './keeping.ts'
export { performFiles } from './perform-files.ts'
export { SealedMemory } from './sealed-memory.ts'
