import type { RoomMemory } from '@p2pigeon/core'
import type { Clock } from '@p2pigeon/core/node'
import { lockRoom } from './room-lock.ts'
import type { SealedMemory } from './sealed-memory.ts'

/** What a terminal keeps of the rooms that one command enters: their logs and secrets, each room for one process at a time. */
export interface Keeping {
  /** For `ProtocolConfigs`. @throws {UsageError} `room-in-use`. */
  readonly roomMemory: (room: string) => RoomMemory
  /** Gives the rooms free again. */
  release(): void
}

export function keepRooms(memory: SealedMemory, clock: Clock): Keeping {
  const locks = new Map<string, () => void>()
  return {
    roomMemory: (room) => {
      if (!locks.has(room)) locks.set(room, lockRoom(memory.lockPath(room), clock))
      return memory.slot(room, 'room')
    },
    release: () => {
      for (const unlock of locks.values()) unlock()
      locks.clear()
    },
  }
}
