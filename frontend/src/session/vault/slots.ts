import type { Vault } from '@p2pigeon/core/people'
import type { Database } from '../database.ts'

/** Small named pieces of bytes that outlive the page, or do not. */
export interface Slots {
  read(slot: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  write(slot: string, bytes: Uint8Array): Promise<void>
  remove(slot: string): Promise<void>
  names(): Promise<readonly string[]>
}

/** Slots of the database, sealed by an open vault. Writes of all slots happen in their order. */
export function sealedSlots(database: Database, vault: Vault): Slots {
  let last: Promise<unknown> = Promise.resolve()
  const inOrder = <Done>(write: () => Promise<Done>): Promise<Done> => {
    const done = last.then(write, write)
    last = done
    return done
  }
  return {
    read: async (slot) => {
      await last.catch(() => undefined)
      const sealed = await database.get('slots', slot)
      return sealed && vault.open(slot, sealed)
    },
    write: (slot, bytes) => {
      const held = new Uint8Array(bytes)
      return inOrder(async () => {
        await database.put('slots', await vault.seal(slot, held), slot)
      })
    },
    remove: (slot) => inOrder(() => database.delete('slots', slot)),
    names: async () => {
      await last.catch(() => undefined)
      return database.getAllKeys('slots')
    },
  }
}

/** Slots that last as long as the page. */
export function passingSlots(): Slots {
  const slots = new Map<string, Uint8Array<ArrayBuffer>>()
  return {
    read: (slot) => Promise.resolve(slots.get(slot)?.slice()),
    write: (slot, bytes) => Promise.resolve(void slots.set(slot, new Uint8Array(bytes))),
    remove: (slot) => Promise.resolve(void slots.delete(slot)),
    names: () => Promise.resolve([...slots.keys()]),
  }
}
