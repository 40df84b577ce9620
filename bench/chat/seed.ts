/* In the real page: fills its own vault, as the page itself would have over years, and turns the wheel. */
import { importSeed } from '@p2pigeon/core'
import { decodeHeader, openVault, personalIdentity } from '@p2pigeon/core/people'
import { BenchFault } from '../page/fault.ts'
import { writeCorpus, type Corpus, type Size } from './corpus.ts'

function done<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new DOMException('failed'))
  })
}

/** The page must have been opened once, and must not be running. */
export async function seed(size: Size): Promise<Corpus> {
  const database = await done(indexedDB.open('p2pigeon'))
  const store = (name: string, mode: IDBTransactionMode): IDBObjectStore =>
    database.transaction(name, mode).objectStore(name)
  const key = (await done(store('keys', 'readonly').get('device'))) as CryptoKey
  const header = decodeHeader((await done(store('vault', 'readonly').get('header'))) as Uint8Array)
  const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
  const vault = await openVault(random, header, { kind: 'device', key })
  const sealed = (await done(store('slots', 'readonly').get('seed'))) as Uint8Array | undefined
  if (sealed === undefined) throw new BenchFault('the page has kept no seed')
  const identity = await personalIdentity(await importSeed(await vault.open('seed', sealed)))
  const write = async (name: string, bytes: Uint8Array): Promise<void> => {
    const next = await vault.seal(name, bytes)
    await done(store('slots', 'readwrite').put(next, name))
  }
  const corpus = await writeCorpus({ write }, identity.nostr.publicKey, size)
  database.close()
  return corpus
}

/** Turns a wheel over what `selector` names, a notch with each frame; how far apart the frames were, in ms. */
export async function wheel(selector: string, stepPx: number, frames: number): Promise<readonly number[]> {
  const element = document.querySelector(selector)
  if (element === null) throw new BenchFault('nothing to scroll')
  const times: number[] = []
  await new Promise<void>((resolve) => {
    const turn = (now: number): void => {
      times.push(now)
      element.scrollBy(0, stepPx)
      if (times.length > frames) resolve()
      else requestAnimationFrame(turn)
    }
    requestAnimationFrame(turn)
  })
  return times.slice(1).map((time, index) => time - (times[index] ?? 0))
}
