import { startDhtTestnet } from '../core/src/testing/dht-testnet.ts'
import { relayCarrier, startRelay } from './test/dht/relay-fixture.ts'
import { nativeDhtCarrier } from '@p2pigeon/core/node'
const net = await startDhtTestnet(10)
const r1 = await startRelay({ bootstrap: net.bootstrap }), r2 = await startRelay({ bootstrap: net.bootstrap })
const med = (x: number[]) => x.sort((a, b) => a - b)[x.length >> 1]!.toFixed(1)
const p90 = (x: number[]) => x.sort((a, b) => a - b)[Math.floor(x.length * 0.9)]!.toFixed(1)
async function join(mkA: () => any, mkB: () => any, n: number, label: string) {
  const found: number[] = [], open: number[] = [], first: number[] = [], total: number[] = [], over: number[] = []
  for (let i = 0; i < n; i++) {
    const topic = crypto.getRandomValues(new Uint8Array(32))
    const a = mkA()
    let arrived = () => {}
    const got = new Promise<void>((r) => (arrived = r))
    a.announce(topic, (s: any) => s.listen({ frame: () => arrived(), ended: () => {} }))
    await new Promise((r) => setTimeout(r, 400))
    const t0 = performance.now()
    const b = mkB()
    b.announce(topic, () => {})
    const signal = AbortSignal.timeout(10000)
    let t1 = 0, t2 = 0, t3 = 0, t4 = 0
    for await (const address of b.lookup(topic, { signal })) {
      if (t1) continue
      t1 = performance.now()
      const s = await b.dial(topic, address, { signal }); t2 = performance.now()
      await s.send(new Uint8Array([1])); await got; t3 = performance.now()
    }
    t4 = performance.now()
    found.push(t1 - t0); open.push(t2 - t1); first.push(t3 - t2); total.push(t3 - t0); over.push(t4 - t3)
    a.close(); b.close()
  }
  console.log(label, 'found', med(found), 'open', med(open), 'first', med(first), 'TOTAL', med(total), 'p90', p90(total), 'lookup end after', med(over))
}
async function throughput(mkA: () => any, mkB: () => any, label: string) {
  const topic = crypto.getRandomValues(new Uint8Array(32))
  const a = mkA(), b = mkB()
  const total = 64 << 20
  let n = 0, done = () => {}
  const all = new Promise<void>((r) => (done = r))
  a.announce(topic, (s: any) => s.listen({ frame: (f: any) => { n += f.length; if (n >= total) done() }, ended: () => {} }))
  await new Promise((r) => setTimeout(r, 400))
  for await (const address of b.lookup(topic, { signal: AbortSignal.timeout(9000) })) {
    const s = await b.dial(topic, address, { signal: AbortSignal.timeout(9000) })
    const t0 = performance.now(); const frame = new Uint8Array(65000)
    for (let k = 0; k < total; k += 65000) await s.send(frame)
    await all
    console.log(label, (total / 1048576 / ((performance.now() - t0) / 1000)).toFixed(1), 'MB/s')
    break
  }
  a.close(); b.close()
}
const c1 = () => relayCarrier(r1.url), c2 = () => relayCarrier(r2.url), nat = () => nativeDhtCarrier({ bootstrap: net.bootstrap, host: '127.0.0.1' })
await join(c1, c1, 5, 'warm')
await join(c1, c1, 20, 'one relay')
await join(c1, c2, 20, 'two relays')
await join(nat, c2, 10, 'native->relay')
await throughput(c1, c1, 'one relay'); await throughput(c1, c2, 'two relays'); await throughput(nat, nat, 'native')
await r1.close(); await r2.close(); await net.close(); process.exit(0)
