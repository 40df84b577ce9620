/*
 * The DHT nodes that the others of a lab join through: `bootstrap-process.mjs <address> <port>`. Ends with its input.
 * There are several, because who is behind a translator asks some how they see it, and gives up where there is one.
 */
import DHT from 'hyperdht'

const others = 4
const [address, port] = process.argv.slice(2)
const first = DHT.bootstrapper(Number(port), address, { host: address })
await first.fullyBootstrapped()
for (let other = 1; other <= others; other += 1) {
  const bootstrap = [`${address}:${port}`]
  const node = new DHT({ bootstrap, host: address, port: Number(port) + other, ephemeral: false, firewalled: false })
  await node.fullyBootstrapped()
}
console.log('ready')
process.stdin.resume().on('end', () => process.exit(0))
