import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { RecentRoom } from './recent-room.ts'

interface PigeonSchema extends DBSchema {
  keys: { key: string; value: CryptoKey }
  rooms: { key: string; value: RecentRoom }
}

export type Database = IDBPDatabase<PigeonSchema>

/** Opens the one database of this page; `undefined` where the browser keeps nothing for it (some private windows). */
export async function openDatabase(name = 'p2pigeon'): Promise<Database | undefined> {
  try {
    return await openDB<PigeonSchema>(name, 1, {
      upgrade(database) {
        database.createObjectStore('keys')
        database.createObjectStore('rooms', { keyPath: 'roomId' })
      },
      blocking(_current, _blocked, event) {
        // A newer page waits to upgrade: let it, this one reopens on its next load.
        if (event.target instanceof IDBDatabase) event.target.close()
      },
    })
  } catch {
    return undefined
  }
}
