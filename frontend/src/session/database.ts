import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { RecentRoom } from './recent-room.ts'

interface PigeonSchema extends DBSchema {
  /** `device` opens the vault while nothing protects it. `seed` is what rooms of version 1 were entered with. */
  keys: { key: string; value: CryptoKey }
  /** Version 1 kept rooms in the open. Emptied when the vault is made. */
  rooms: { key: string; value: RecentRoom }
  /** What opens the vault, under `header`; nothing in it is secret. */
  vault: { key: string; value: Uint8Array<ArrayBuffer> }
  /** Sealed. */
  slots: { key: string; value: Uint8Array<ArrayBuffer> }
}

export type Database = IDBPDatabase<PigeonSchema>

/** Opens the one database of this page; `undefined` where the browser keeps nothing for it (some private windows). */
export async function openDatabase(name = 'p2pigeon'): Promise<Database | undefined> {
  try {
    return await openDB<PigeonSchema>(name, 2, {
      upgrade(database, from) {
        if (from < 1) {
          database.createObjectStore('keys')
          database.createObjectStore('rooms', { keyPath: 'roomId' })
        }
        database.createObjectStore('vault')
        database.createObjectStore('slots')
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
