import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Browsers, chromiumPath } from '../harness/browsers.ts'
import { NodeProcess } from '../harness/node-process.ts'
import { bareEnvironment } from '../harness/paths.ts'
import { Person, type PersonOptions } from '../harness/person.ts'
import type { Host } from './host.ts'
import { serverAddresses } from './network-lab.ts'

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** Where a lab's nodes find each other: the port that the DHT's own bootstrap nodes use. */
const dhtPort = 49_737

interface Bootstrap {
  /** `host:port`, as nodes are told of it. */
  readonly address: string
  readonly close: () => Promise<void>
}

/** The DHT node that the others join through, on this computer at this address of it. */
export async function startLabBootstrap(host: Host, address: string): Promise<Bootstrap> {
  const [command, ...args] = [...host.prefix, process.execPath, file('bootstrap-process.mjs')]
  const bootstrap = spawn(command, [...args, address, String(dhtPort)], {
    env: bareEnvironment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(bootstrap, 'close')
  const started = await Promise.race([once(bootstrap.stdout, 'data').then(() => true), ended.then(() => false)])
  if (!started) throw new Error('The bootstrap node of the lab ended at once')
  return {
    address: `${address}:${dhtPort}`,
    close: async () => {
      bootstrap.stdin.end()
      await ended
    },
  }
}

/** A node for everybody at the first public address, and the DHT it joins through at the second one. */
export async function startPublicNode(server: Host): Promise<{ node: NodeProcess; close: () => Promise<void> }> {
  const [nodeAddress, dhtAddress] = serverAddresses
  const bootstrap = await startLabBootstrap(server, dhtAddress)
  try {
    const node = await NodeProcess.start({
      bootstrap: bootstrap.address,
      environment: { HOST: nodeAddress },
      prefix: server.prefix,
    })
    return { node, close: () => node.dispose().then(bootstrap.close) }
  } catch (error) {
    await bootstrap.close()
    throw error
  }
}

/** Somebody at a computer of the lab. */
export type LabPerson = Person & { readonly host: Host }

/** Opens a browser on this computer. Plain HTTP counts as safe there: what would be TLS must stay readable to us. */
export async function openLabPerson(
  name: string,
  host: Host,
  { node, ...options }: PersonOptions,
): Promise<{ person: LabPerson; close: () => Promise<void> }> {
  const browsers = new Browsers({
    executablePath: file('in-namespace.sh'),
    env: { LAB_HOST: String(host.pid), LAB_BROWSER: chromiumPath() },
    args: [
      `--unsafely-treat-insecure-origin-as-secure=${node.url}`,
      // there is no name service in the lab, and the machine's own is out of reach
      `--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE ${new URL(node.url).hostname}`,
    ],
  })
  try {
    const person = Object.assign(await Person.open(name, browsers, { node, ...options }), { host })
    return { person, close: () => person.close().finally(() => browsers.close()) }
  } catch (error) {
    await browsers.close()
    throw error
  }
}
