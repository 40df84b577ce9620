import { Store, type Readable } from '../state/index.ts'
import type { Database } from './database.ts'
import type { RecentRoom } from './recent-room.ts'

/** More than anyone scrolls through; the one used longest ago gives way. */
export const maxRecentRooms = 50
/** Longest name a user can give a room, in UTF-16 units. */
export const maxRoomNameLength = 60

/** The rooms used on this device, latest first. Without a database they last as long as the page. */
export class RecentRooms {
  readonly #rooms = new Store<readonly RecentRoom[]>([])
  readonly #database: Promise<Database | undefined>
  readonly #now: () => number
  readonly #loaded: Promise<void>

  constructor(database: Promise<Database | undefined>, now: () => number) {
    this.#database = database
    this.#now = now
    this.#loaded = this.#load()
  }

  get list(): Readable<readonly RecentRoom[]> {
    return this.#rooms
  }

  /** Resolves once the stored rooms are in `list`. */
  get loaded(): Promise<void> {
    return this.#loaded
  }

  find(roomId: string): RecentRoom | undefined {
    return this.#rooms.get().find((room) => room.roomId === roomId)
  }

  /** The name the user of this device gave the room, if any. */
  givenName(roomId: string): string | undefined {
    const name = this.find(roomId)?.name
    return name === '' ? undefined : name
  }

  /** Puts the room first, keeping a name given to it earlier. */
  async touch(roomId: string, code: string): Promise<void> {
    await this.#loaded
    const before = this.find(roomId)
    await this.#put({ roomId, code, name: before?.name ?? '', lastUsedAtMs: this.#now() })
    const surplus = this.#rooms.get().slice(maxRecentRooms)
    for (const room of surplus) await this.#delete(room.roomId)
  }

  async rename(roomId: string, name: string): Promise<void> {
    const room = this.find(roomId)
    if (room) await this.#put({ ...room, name: name.trim().slice(0, maxRoomNameLength) })
  }

  /** Forgets the room and returns it, so that `restore` can undo that. */
  async remove(roomId: string): Promise<RecentRoom | undefined> {
    const room = this.find(roomId)
    if (room) await this.#delete(roomId)
    return room
  }

  async restore(rooms: readonly RecentRoom[]): Promise<void> {
    for (const room of rooms) if (!this.find(room.roomId)) await this.#put(room)
  }

  async forgetAll(): Promise<readonly RecentRoom[]> {
    const all = this.#rooms.get()
    this.#rooms.set([])
    await (await this.#database)?.clear('rooms')
    return all
  }

  async #load(): Promise<void> {
    const stored = (await (await this.#database)?.getAll('rooms').catch(() => [])) ?? []
    const early = this.#rooms.get()
    const known = new Set(early.map((room) => room.roomId))
    this.#rooms.set(latestFirst([...early, ...stored.filter((room) => !known.has(room.roomId))]))
  }

  async #put(room: RecentRoom): Promise<void> {
    this.#rooms.update((rooms) => latestFirst([room, ...rooms.filter((other) => other.roomId !== room.roomId)]))
    await (await this.#database)?.put('rooms', room)
  }

  async #delete(roomId: string): Promise<void> {
    this.#rooms.update((rooms) => rooms.filter((room) => room.roomId !== roomId))
    await (await this.#database)?.delete('rooms', roomId)
  }
}

function latestFirst(rooms: readonly RecentRoom[]): readonly RecentRoom[] {
  return rooms.toSorted((one, other) => other.lastUsedAtMs - one.lastUsedAtMs)
}
