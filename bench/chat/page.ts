/* In the page: slots in IndexedDB, as the frontend has them. */
import { rounds, type Shelf } from './measure.ts'

function done<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new DOMException('failed'))
  })
}

async function databaseShelf(): Promise<Shelf> {
  const opening = indexedDB.open('bench', 1)
  opening.onupgradeneeded = () => void opening.result.createObjectStore('slots')
  const database = await done(opening)
  const store = (mode: IDBTransactionMode): IDBObjectStore => database.transaction('slots', mode).objectStore('slots')
  return {
    get: (name) => done(store('readonly').get(name) as IDBRequest<Uint8Array<ArrayBuffer> | undefined>),
    put: async (name, bytes) => {
      await done(store('readwrite').put(bytes, name))
    },
    delete: (name) => done(store('readwrite').delete(name)),
    names: () => done(store('readonly').getAllKeys() as IDBRequest<string[]>),
  }
}

export async function measure(count: number): ReturnType<typeof rounds> {
  return rounds(await databaseShelf(), count)
}
