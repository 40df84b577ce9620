import { nodeTimeoutMs } from './node-status.ts'

/** What the node answers on `/ice`. */
export interface IceAnswer {
  readonly iceServers: readonly RTCIceServer[]
  /** The credentials are good for so long. */
  readonly ttlSeconds: number
}

const maxIceServers = 8
const defaultTtlSeconds = 300
const longestTtlSeconds = 86_400

/** Fetches and checks `/ice`. @throws anything fetch throws; a reply that is not the node's own counts as none. */
export async function fetchIceServers(address = '/ice'): Promise<IceAnswer> {
  const reply = await fetch(address, { cache: 'no-store', signal: AbortSignal.timeout(nodeTimeoutMs) })
  if (!reply.ok) throw new TypeError('ice servers were refused')
  return readIceAnswer(await reply.json())
}

/** Takes only what it knows from a foreign object. @throws {TypeError} when it is no list of servers at all. */
export function readIceAnswer(value: unknown): IceAnswer {
  const object: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {}
  const servers = object['iceServers']
  if (!Array.isArray(servers)) throw new TypeError('no list of ice servers')
  const ttl = object['ttlSeconds']
  return {
    iceServers: servers.filter(isIceServer).slice(0, maxIceServers).map(known),
    ttlSeconds: typeof ttl === 'number' && ttl > 0 ? Math.min(ttl, longestTtlSeconds) : defaultTtlSeconds,
  }
}

function known({ urls, username, credential }: RTCIceServer): RTCIceServer {
  return {
    urls,
    ...(typeof username === 'string' ? { username } : {}),
    ...(typeof credential === 'string' ? { credential } : {}),
  }
}

function isIceServer(value: unknown): value is RTCIceServer {
  if (typeof value !== 'object' || value === null || !('urls' in value)) return false
  const urls: unknown[] = Array.isArray(value.urls) ? value.urls : [value.urls]
  return urls.length > 0 && urls.every((url) => typeof url === 'string' && /^(?:stun|stuns|turn|turns):/.test(url))
}
