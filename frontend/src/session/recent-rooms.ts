import type { ChatMemory, RoomMemory } from '@p2pigeon/core'
import { Store, type Readable } from '../state/index.ts'
import { Fault } from './fault.ts'
import type { RecentRoom } from './recent-room.ts'
import { fromBytes, newSlotId, slotPrefixes, toBytes, type Keeper } from './vault/index.ts'

/** More than anyone scrolls through; the one used longest ago gives way. */
export const maxRecentRooms = 50
/** Longest name a user can give a room, in UTF-16 units. */
export const maxRoomNameLength = 60

/** What is kept of a room beside its entry in the list. */
const partKinds = ['memory', 'chat', 'files', 'uploads', 'pledges', 'replica'] as const

interface KeptPart {
  readonly slot: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

type Kept = Pick<Keeper, 'read' | 'write' | 'remove' | 'slots'>

/**
 * The rooms used on this device, latest first, and what the library must not forget of each. Every room has a slot of its own, so that
 * two tabs do not undo each other's changes; slots have random names, so that what is stored does not tell which rooms they are.
 */
export class RecentRooms {
  readonly #rooms = new Store<readonly RecentRoom[]>([])
  readonly #keeper: Kept
  readonly #now: () => number
  readonly #loaded: Promise<void>
  /** The slot id of each room, also of one that was forgotten a moment ago. */
  readonly #slotIds = new Map<string, string>()
  /** What was kept of rooms forgotten on this page, in memory alone: whoever undoes that shall not return without it. */
  readonly #forgotten = new Map<string, readonly KeptPart[]>()

  constructor(keeper: Kept, now: () => number) {
    this.#keeper = keeper
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

  /** Puts the room first, keeping a name given to it earlier. `keepsChat` is what its link says; left out, what was known of it stays. */
  async touch(roomId: string, code: string, keepsChat?: boolean): Promise<void> {
    await this.#loaded
    const before = this.find(roomId)
    const keeps = keepsChat ?? before?.keepsChat ?? false
    const room = { roomId, code, name: before?.name ?? '', lastUsedAtMs: this.#now() }
    await this.#put(keeps ? { ...room, keepsChat: true } : room)
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
    for (const room of rooms) {
      if (this.find(room.roomId)) continue
      await this.#put(room)
      const parts = this.#forgotten.get(room.roomId) ?? []
      this.#forgotten.delete(room.roomId)
      for (const { slot, bytes } of parts) await this.#keeper.write(slot, bytes)
    }
  }

  async forgetAll(): Promise<readonly RecentRoom[]> {
    const all = this.#rooms.get()
    this.#rooms.set([])
    for (const room of all) await this.#delete(room.roomId)
    return all
  }

  /** Where the library keeps what it must not forget of a room, for as long as this device knows the room. */
  memoryOf(roomId: string): RoomMemory {
    return {
      load: async () => {
        await this.#loaded
        return this.#keeper.read(this.#slotOf('memory', roomId))
      },
      save: async (bytes) => {
        await this.#loaded
        await this.#keeper.write(this.#slotOf('memory', roomId), bytes)
      },
    }
  }

  /** Where the chat of a room whose policy keeps it is kept, for as long as this device knows the room. */
  chatMemoryOf(roomId: string): ChatMemory {
    return {
      load: async () => {
        await this.#loaded
        return this.#keeper.read(this.#slotOf('chat', roomId))
      },
      save: async (bytes) => {
        await this.#loaded
        // Another tab may have forgotten the room meanwhile: its chat must not come back behind its back.
        if (!(await this.#keeper.read(this.#slotOf('room', roomId)))) throw new Fault('room-unknown')
        await this.#keeper.write(this.#slotOf('chat', roomId), bytes)
      },
      erase: async () => {
        await this.#loaded
        await this.#keeper.remove(this.#slotOf('chat', roomId))
      },
    }
  }

  /** Names the slots of a room's files; it tells nobody which room that is. Slots under it go with the room. */
  async slotIdOf(roomId: string): Promise<string> {
    await this.#loaded
    return this.#idOf(roomId)
  }

  async #load(): Promise<void> {
    const names = await this.#keeper.slots().catch((): readonly string[] => [])
    const ids = names
      .filter((name) => name.startsWith(slotPrefixes.room))
      .map((name) => name.slice(slotPrefixes.room.length))
    const stored = await Promise.all(ids.map(async (id) => [id, await this.#stored(id)] as const))
    const early = this.#rooms.get()
    const rooms = new Map(early.map((room) => [room.roomId, room]))
    for (const [id, room] of stored.toSorted(([, one], [, other]) => usedAt(one) - usedAt(other))) {
      if (!room || early.some((other) => other.roomId === room.roomId)) continue
      rooms.set(room.roomId, room)
      this.#slotIds.set(room.roomId, id)
    }
    this.#rooms.set(latestFirst([...rooms.values()]))
    await this.#sweep(names)
  }

  /** Drops what belongs to rooms that are gone: the page was closed between the steps of forgetting. */
  async #sweep(names: readonly string[]): Promise<void> {
    const known = new Set(this.#slotIds.values())
    const orphans = names.filter((name) => {
      const id = idOfPart(name)
      return id !== undefined && !known.has(id)
    })
    for (const name of orphans) await this.#keeper.remove(name).catch(() => undefined)
  }

  async #stored(id: string): Promise<RecentRoom | undefined> {
    return this.#keeper.read(slotPrefixes.room + id).then(
      (bytes) => fromBytes(bytes) as RecentRoom | undefined,
      // A slot that somebody changed costs this entry, and not the others.
      () => undefined,
    )
  }

  async #put(room: RecentRoom): Promise<void> {
    this.#rooms.update((rooms) => latestFirst([room, ...rooms.filter((other) => other.roomId !== room.roomId)]))
    await this.#keeper.write(this.#slotOf('room', room.roomId), toBytes(room))
  }

  async #delete(roomId: string): Promise<void> {
    this.#rooms.update((rooms) => rooms.filter((room) => room.roomId !== roomId))
    const id = this.#idOf(roomId)
    const names = (await this.#keeper.slots()).filter((name) => idOfPart(name) === id)
    const parts = await Promise.all(
      names.map(async (slot) => {
        const bytes = await this.#keeper.read(slot).catch(() => undefined)
        return bytes ? [{ slot, bytes }] : []
      }),
    )
    this.#forgotten.set(roomId, parts.flat())
    for (const slot of [slotPrefixes.room + id, ...names]) await this.#keeper.remove(slot)
  }

  #idOf(roomId: string): string {
    const id = this.#slotIds.get(roomId) ?? newSlotId()
    this.#slotIds.set(roomId, id)
    return id
  }

  #slotOf(kind: keyof typeof slotPrefixes, roomId: string): string {
    return slotPrefixes[kind] + this.#idOf(roomId)
  }
}

/** Which room's slot this is, by its id. */
function idOfPart(slot: string): string | undefined {
  const prefix = partKinds.map((kind) => slotPrefixes[kind]).find((start) => slot.startsWith(start))
  return prefix === undefined ? undefined : slot.slice(prefix.length).split('.')[0]
}

function latestFirst(rooms: readonly RecentRoom[]): readonly RecentRoom[] {
  return rooms.toSorted((one, other) => other.lastUsedAtMs - one.lastUsedAtMs)
}

function usedAt(room: RecentRoom | undefined): number {
  return room?.lastUsedAtMs ?? 0
}
