// A data room in a process of its own, for tests that kill it: folder, port (0 for any) and nodes to join through as arguments, the port
// on standard output.
import { serve } from './served.ts'
import { joinTestnet } from './testnet.ts'

const [folder = '', port = '0', ...bootstrap] = process.argv.slice(2)
const served = await serve({
  folder,
  port: Number(port),
  ...(bootstrap.length > 0 ? { dht: await joinTestnet(bootstrap) } : {}),
})
process.stdout.write(`${String(served.port)}\n`)
