import { EventEmitter } from 'node:events'
import type { DhtStream, HyperDht, HyperNode } from '@p2pigeon/core/node'

type NodeOptions = NonNullable<ConstructorParameters<HyperDht>[0]>

/** A dialled stream: `emit('open')` is the answer. */
export class FakeStream extends EventEmitter implements DhtStream {
  readonly written: Uint8Array[] = []
  destroyed = false

  write(bytes: Uint8Array): boolean {
    this.written.push(bytes)
    return true
  }

  end(): void {
    this.destroy()
  }

  destroy(): void {
    if (this.destroyed) return
    this.destroyed = true
    this.emit('close')
  }

  pause(): void {
    // Nothing flows by itself.
  }

  resume(): void {
    // Nothing flows by itself.
  }
}

/** A node on a network where announcements succeed, nobody is found, and the rest happens when the test says so. */
export class FakeHyperNode implements HyperNode {
  readonly options: NodeOptions
  readonly dialled: FakeStream[] = []
  /** Each ends one withdrawal that is under way. */
  readonly withdrawals: (() => void)[] = []
  readonly host = null
  destroyed = false
  servers = 0

  constructor(options: NodeOptions = {}) {
    this.options = options
  }

  fullyBootstrapped(): Promise<void> {
    return Promise.resolve()
  }

  address(): null {
    return null
  }

  ping(): Promise<void> {
    return Promise.resolve()
  }

  lookup(): ReturnType<HyperNode['lookup']> {
    return query()
  }

  announce(): ReturnType<HyperNode['announce']> {
    return query()
  }

  unannounce(): Promise<void> {
    return new Promise((resolve) => this.withdrawals.push(resolve))
  }

  connect(): DhtStream {
    const stream = new FakeStream()
    this.dialled.push(stream)
    return stream
  }

  createServer(): ReturnType<HyperNode['createServer']> {
    this.servers += 1
    return { relayAddresses: [], listen: () => Promise.resolve(), close: () => Promise.resolve() }
  }

  destroy(): Promise<void> {
    this.destroyed = true
    return Promise.resolve()
  }
}

/** hyperdht without a network, and the nodes that were made of it. */
export function fakeHyperDht(): { readonly dht: HyperDht; readonly nodes: readonly FakeHyperNode[] } {
  const nodes: FakeHyperNode[] = []
  class Node extends FakeHyperNode {
    static readonly BOOTSTRAP = ['192.0.2.1:49737']

    static keyPair() {
      return { publicKey: crypto.getRandomValues(new Uint8Array(32)), secretKey: new Uint8Array(64) }
    }

    static bootstrapper(_port: number, _host: string, options: NodeOptions) {
      return new Node(options)
    }

    constructor(options?: NodeOptions) {
      super(options)
      nodes.push(this)
    }
  }
  return { dht: Node, nodes }
}

function query(): ReturnType<HyperNode['lookup']> {
  return {
    finished: () => Promise.resolve(),
    destroy: () => undefined,
    [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
  }
}
