import type { HyperNode } from '@p2pigeon/core/node'

type Listener = (...args: unknown[]) => void
type Emitter = Record<'on' | 'off', (event: string, listener: Listener) => unknown>

/**
 * The node's DHT as a swarm may have it: ending the swarm does not end the DHT, which is not the swarm's, and takes back the listeners that the swarm has put
 * on it and would leave there.
 */
export function lendDht(node: HyperNode): { readonly dht: HyperNode; readonly release: () => void } {
  const emitter = node as unknown as Emitter
  const listeners: [string, Listener][] = []
  const own: Record<string, unknown> = {
    destroy: () => Promise.resolve(),
    on: (event: string, listener: Listener) => {
      listeners.push([event, listener])
      emitter.on(event, listener)
    },
  }
  const dht = new Proxy(node, {
    get(target, name) {
      if (typeof name === 'string' && name in own) return own[name]
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  return {
    dht,
    release: () => {
      for (const [event, listener] of listeners.splice(0)) emitter.off(event, listener)
    },
  }
}
