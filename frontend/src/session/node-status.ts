import { Store, type Readable, type Undo } from '../state/index.ts'

/** How the page reaches its node, and which network the node is on. */
export type NodeStatus =
  | { readonly kind: 'checking' }
  | { readonly kind: 'online'; readonly network: 'public' | 'local' | 'unknown' }
  | { readonly kind: 'offline' }

/** What `/node.json` says that the page needs. */
export interface NodeInfo {
  readonly network: 'public' | 'local' | 'unknown'
  /** Absolute or relative to the page. */
  readonly dhtRelayUrl: string | undefined
  /** The same of its signalling server; undefined when it has none. */
  readonly signallingUrl: string | undefined
  /** Of Nostr relays, its own first; empty when it knows none. */
  readonly nostrRelayUrls: readonly string[]
  /** Its store of encrypted files; undefined when it keeps none. */
  readonly blobs: { readonly url: string; readonly maxBytes: number } | undefined
}

/** Relays taken from one node: each costs every page a connection. */
const maxNostrRelays = 8

const steadyMs = 20_000
const retryMs = 2_000
/** A node on loopback answers in milliseconds; a team node far away within this. */
export const nodeTimeoutMs = 3_000

/** Asks the node for its state now and then, sooner while it does not answer. */
export class NodeWatch {
  readonly #status = new Store<NodeStatus>({ kind: 'checking' })
  readonly #fetchInfo: () => Promise<NodeInfo>
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(fetchInfo: () => Promise<NodeInfo>) {
    this.#fetchInfo = fetchInfo
  }

  get status(): Readable<NodeStatus> {
    return this.#status
  }

  /** Asks once; `undefined` when the node does not answer. */
  async ask(): Promise<NodeInfo | undefined> {
    try {
      const info = await this.#fetchInfo()
      const before = this.#status.get()
      if (before.kind !== 'online' || before.network !== info.network) {
        this.#status.set({ kind: 'online', network: info.network })
      }
      return info
    } catch {
      if (this.#status.get().kind !== 'offline') this.#status.set({ kind: 'offline' })
      return undefined
    }
  }

  /** Keeps asking until the undo is called. Asks at once when the browser says that it is online again. */
  watch(events: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>): Undo {
    // Only the latest question sets the next timer: an earlier one may still be out, also after the undo.
    let latest = 0
    const again = (): void => {
      clearTimeout(this.#timer)
      const turn = ++latest
      void this.ask().then((info) => {
        if (turn === latest) this.#timer = setTimeout(again, info ? steadyMs : retryMs)
      })
    }
    this.#timer = setTimeout(again, this.#status.get().kind === 'online' ? steadyMs : retryMs)
    events.addEventListener('online', again)
    return () => {
      latest += 1
      clearTimeout(this.#timer)
      events.removeEventListener('online', again)
    }
  }
}

/** Fetches and checks `/node.json`. @throws anything fetch throws; a reply that is not the node's own counts as none. */
export async function fetchNodeInfo(address = '/node.json'): Promise<NodeInfo> {
  const reply = await fetch(address, { cache: 'no-store', signal: AbortSignal.timeout(nodeTimeoutMs) })
  if (!reply.ok) throw new TypeError('node.json was refused')
  return readNodeInfo(await reply.json())
}

/** Takes only what it knows from a foreign object. */
export function readNodeInfo(value: unknown): NodeInfo {
  const object: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {}
  const network = object['network']
  const relays: unknown = object['nostrRelayUrls']
  return {
    network: network === 'public' || network === 'local' ? network : 'unknown',
    dhtRelayUrl: textOf(object['dhtRelayUrl']),
    signallingUrl: textOf(object['signallingUrl']),
    nostrRelayUrls: (Array.isArray(relays) ? relays : []).flatMap((url) => textOf(url) ?? []).slice(0, maxNostrRelays),
    blobs: blobsOf(object['blobs']),
  }
}

function blobsOf(value: unknown): NodeInfo['blobs'] {
  const { url, maxBytes }: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {}
  const isMeant = typeof url === 'string' && /^https?:/.test(url) && URL.canParse(url)
  return isMeant && typeof maxBytes === 'number' && maxBytes > 0 ? { url, maxBytes } : undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The relay's WebSocket address: an override, what the node says, or `/dht` where the page came from. */
export function relayUrl(page: string, said: string | undefined, override: string | undefined): string {
  const chosen = [override, said].find((address) => address !== undefined && address !== '')
  return socketUrl(chosen ?? '/dht', page)
}

/** The WebSocket address that a node's word stands for, seen from the page. @throws {TypeError} if it is none. */
export function socketUrl(said: string, page: string): string {
  const url = new URL(said, page)
  if (url.protocol === 'http:') url.protocol = 'ws:'
  if (url.protocol === 'https:') url.protocol = 'wss:'
  return url.href
}
