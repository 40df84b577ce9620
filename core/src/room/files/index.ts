/**
 * Purpose. What the files of a room need of the room: who may write, what members tell each other of masters and drives, and the way to their devices.
 * Promises. Only members who are in are told or given anything, or believed; what one of them tells is bounded, and takes nobody else's place.
 * Does not. Open the data room, or know what is in it.
 * May import. errors, bytes, lifetime, codec, runtime, identity, control-log, files, peer, ../control.ts, ../later.ts, ../view.ts.
 */
export { RoomFiles } from './room-files.ts'
