import { sha256 } from '@noble/hashes/sha2.js'
import { fromUtf8, toHex } from '../bytes/index.ts'
import type { FileStore, Http } from '../chat/index.ts'
import { LimitError, TransportError } from '../errors/index.ts'
import { isGenuine, readEvent, tagValue } from '../nostr/index.ts'

/** A store of sealed files in memory. It takes what is authorised and has the hash that was announced, and gives what it has; everything under other addresses is asked of nobody. */
export class FakeFileStore implements FileStore {
  readonly url: string
  readonly maxBytes: number
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>()
  /** Addresses that were asked for, in their order. */
  readonly fetched: string[] = []
  /** Hashes that were brought, in their order. */
  readonly brought: string[] = []
  isDown = false
  /** What is answered instead of doing anything. */
  status: number | undefined
  /** Uploads wait for this before they are answered. */
  gate: Promise<unknown> = Promise.resolve()

  constructor(url = 'https://node.example/blobs', maxBytes = 2 ** 20) {
    this.url = url
    this.maxBytes = maxBytes
  }

  readonly http: Http = {
    put: async (url, headers, body, { signal, progress }) => {
      progress?.(0.5)
      const aborted = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()))
      await Promise.race([this.gate, aborted])
      if (this.isDown || signal?.aborted === true) throw new TransportError('http-failed', 'nobody answers')
      if (this.status !== undefined) return { status: this.status }
      if (url !== `${this.url}/upload`) return { status: 404 }
      const hash = toHex(sha256(body))
      if (hashAllowedBy(headers['Authorization'] ?? '') !== hash) return { status: 401 }
      this.brought.push(hash)
      this.files.set(`${this.url}/${hash}`, body.slice())
      progress?.(1)
      return { status: 200 }
    },
    get: (url, maxBytes) => {
      this.fetched.push(url)
      if (this.isDown) return Promise.reject(new TransportError('http-failed', 'nobody answers'))
      const bytes = this.status === undefined ? this.files.get(url) : undefined
      if (bytes === undefined) return Promise.resolve({ status: this.status ?? 404, bytes: new Uint8Array() })
      if (bytes.length > maxBytes) return Promise.reject(new LimitError('file-too-large', 'there is more'))
      return Promise.resolve({ status: 200, bytes: bytes.slice() })
    },
  }
}

function hashAllowedBy(header: string): string | undefined {
  const encoded = header.replace(/^Nostr /, '')
  const event = readEvent(JSON.parse(fromUtf8(Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0)))))
  return isGenuine(event) && event.kind === 24_242 ? tagValue(event, 'x') : undefined
}
