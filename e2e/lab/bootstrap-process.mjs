/* The DHT node that the others of a lab join through: `bootstrap-process.mjs <address> <port>`. Ends with its input. */
import DHT from 'hyperdht'

const [address, port] = process.argv.slice(2)
const dht = DHT.bootstrapper(Number(port), address, { host: address })
await dht.fullyBootstrapped()
console.log('ready')
process.stdin.resume().on('end', () => process.exit(0))
