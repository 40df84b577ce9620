import { afterEach, describe, expect, it } from 'vitest'
import { openRedisBus, type Bus } from '../../src/signalling/index.ts'
import { findRedis, startRedis, type RedisServer } from './redis-server.ts'

const redis = findRedis()

const servers: RedisServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.kill()
})
async function start(port?: number): Promise<RedisServer> {
  const server = await startRedis(redis ?? '', port)
  servers.push(server)
  return server
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10))
}

describe.skipIf(redis === undefined)('openRedisBus, where redis-server is installed', { timeout: 30_000 }, () => {
  const logOf = (lines: string[]) => ({
    info: (line: string) => lines.push(line),
    warn: (line: string) => lines.push(line),
  })

  it('carries bytes between two, and to nobody who has left', async () => {
    const server = await start()
    const buses = [openRedisBus(server.url, { log: logOf([]) }), openRedisBus(server.url, { log: logOf([]) })] as const
    await until(() => buses.every(({ state }) => state === 'ready'))
    const heard: Uint8Array[] = []
    const subscription = buses[0].subscribe('c', (message) => heard.push(message))
    await subscription.ready
    const message = new Uint8Array([0, 255, 128, 13, 10, 0])
    expect(await buses[1].publish('c', message)).toBe(1)
    await until(() => heard.length === 1)
    expect(heard[0]).toEqual(message)
    subscription.end()
    subscription.end()
    for (let reached = 1; reached > 0;) reached = await buses[1].publish('c', message)
    for (const bus of buses) await bus.close()
  })

  it('comes back by itself, listens again, and tells that something may be missing', async () => {
    const first = await start()
    const lines: string[] = []
    const bus: Bus = openRedisBus(first.url, { log: logOf(lines) })
    await until(() => bus.state === 'ready')
    let gaps = 0
    bus.onGap(() => (gaps += 1))
    const heard: string[] = []
    await bus.subscribe('before', () => heard.push('before')).ready
    await first.kill()
    await until(() => bus.state === 'lost')
    await expect(bus.publish('before', new Uint8Array(1))).rejects.toThrow()
    await bus.subscribe('meanwhile', () => heard.push('meanwhile')).ready
    await start(first.port)
    await until(() => bus.state === 'ready')
    for (const channel of ['before', 'meanwhile']) {
      for (let reached = 0; reached === 0;) reached = await bus.publish(channel, new Uint8Array(1))
    }
    await until(() => heard.length >= 2)
    expect(heard).toEqual(['before', 'meanwhile'])
    expect(gaps).toBeGreaterThan(0)
    expect(lines.map((line) => line.slice(0, 18))).toEqual(['The bus is out of ', 'The bus is back.'])
    await bus.close()
  })

  it('starts without its server, and can be closed so', async () => {
    const lines: string[] = []
    const bus = openRedisBus('redis://127.0.0.1:1', { log: logOf(lines) })
    await expect(bus.publish('c', new Uint8Array(1))).rejects.toThrow()
    await until(() => lines.length > 0)
    expect(bus.state).toBe('lost')
    await bus.close()
  })
})
