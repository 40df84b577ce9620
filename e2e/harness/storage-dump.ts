import type { Page } from '@playwright/test'

/** Everything that this page's origin keeps, as bytes and texts to search: what a thief of the disk has. */
export async function dumpOf(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const parts = [JSON.stringify({ ...localStorage, ...sessionStorage }), JSON.stringify(await caches.keys())]
    const done = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve) => {
        request.onsuccess = () => {
          resolve(request.result)
        }
      })
    const written = (value: unknown): string =>
      value instanceof Uint8Array
        ? Array.from(value, (byte) => String.fromCharCode(byte)).join('')
        : value instanceof CryptoKey
          ? `CryptoKey ${String(value.extractable)}`
          : JSON.stringify(value, (_key, inner: unknown) => (inner instanceof Uint8Array ? written(inner) : inner))
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name))
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store)
        const [keys, values] = await Promise.all([done(all.getAllKeys()), done(all.getAll() as IDBRequest<unknown[]>)])
        parts.push(`${store} ${JSON.stringify(keys)} ${values.map(written).join(' ')}`)
      }
      database.close()
    }
    return parts.join('\n')
  })
}
