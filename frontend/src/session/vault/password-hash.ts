import type { PasswordHash } from '@p2pigeon/core/people'
import { Fault } from '../fault.ts'
import { vouchFor } from '../worker-url.ts'
import type { HashAnswer, HashRequest } from './argon2id-worker.ts'
import workerUrl from './argon2id-worker.ts?worker&url'

let trustedUrl: string | URL | undefined

/**
 * Argon2id in a worker that lives for one hash.
 * @throws {Fault} `hash-unavailable` where the browser cannot run it; nothing was judged then.
 */
export const passwordHash: PasswordHash = (passphrase, salt, parameters) =>
  new Promise((resolve, reject) => {
    trustedUrl ??= vouchFor(workerUrl)
    const worker = new Worker(trustedUrl, { type: 'module', name: 'argon2id' })
    const end = (answer: HashAnswer): void => {
      worker.terminate()
      if (answer) resolve(answer)
      else reject(new Fault('hash-unavailable'))
    }
    worker.addEventListener('message', (event: MessageEvent<HashAnswer>) => end(event.data))
    worker.addEventListener('error', () => end(undefined))
    const request: HashRequest = { passphrase, salt, parameters }
    worker.postMessage(request)
  })
