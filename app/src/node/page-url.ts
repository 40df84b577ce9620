import { isIP } from 'node:net'

const hereOrEverywhere = new Set(['127.0.0.1', '::1', 'localhost', '0.0.0.0', '::'])

/** The address to open on this machine: `localhost` whenever the node listens there. */
export function pageUrl(boundTo: string, port: number): string {
  const name = hereOrEverywhere.has(boundTo) ? 'localhost' : isIP(boundTo) === 6 ? `[${boundTo}]` : boundTo
  return `http://${name}:${String(port)}`
}
