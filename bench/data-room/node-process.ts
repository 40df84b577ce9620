// A node without a network in a process of its own: folder as argument, the port on standard output.
import { nodeAt } from './node-at.ts'
import { BenchFault } from '../page/fault.ts'

const { port } = await nodeAt(process.argv[2] ?? '', {
  hyperNode: () => {
    throw new BenchFault('there is no network')
  },
  onNetworkChanged: () => () => undefined,
})
process.stdout.write(`${port}\n`)
