import { lookup } from 'node:dns/promises'
import { isIPv4 } from 'node:net'
import { UsageError } from '../../../errors/index.ts'
import type { HyperAddress, HyperNode } from './hyperdht.ts'

/**
 * Reads `host:port`, or hyperdht's own `ip@host:port`, of which the address is taken.
 * @throws {UsageError} `bad-bootstrap`.
 */
export function parseBootstrap(text: string): HyperAddress {
  const at = text.indexOf('@')
  const colon = text.lastIndexOf(':')
  const host = at > 0 ? text.slice(0, at) : text.slice(0, Math.max(colon, 0))
  const port = Number(text.slice(colon + 1))
  if (host === '' || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new UsageError('bad-bootstrap', 'a bootstrap node is written host:port')
  }
  return { host, port }
}

/** True as soon as one bootstrap node answers one ping; false when all have failed, about 1 s later. */
export async function bootstrapAnswers(node: HyperNode, bootstrap: readonly string[]): Promise<boolean> {
  const pings = bootstrap.map(async (text) => {
    const { host, port } = parseBootstrap(text)
    const address = isIPv4(host) ? host : (await lookup(host, { family: 4 })).address
    await node.ping({ host: address, port }, { retry: false })
  })
  return await Promise.any(pings).then(
    () => true,
    () => false,
  )
}
