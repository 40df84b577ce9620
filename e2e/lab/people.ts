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

/** A node for everybody at the first public address, and the DHT it joins through at the second one. */
export async function startPublicNode(server: Host): Promise<{ node: NodeProcess; close: () => Promise<void> }> {
  const [nodeAddress, dhtAddress] = serverAddresses
  const [command, ...args] = [...server.prefix, process.execPath, file('bootstrap-process.mjs')]
  const bootstrap = spawn(command, [...args, dhtAddress, String(dhtPort)], {
    env: bareEnvironment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(bootstrap, 'close')
  const started = await Promise.race([once(bootstrap.stdout, 'data').then(() => true), ended.then(() => false)])
  if (!started) throw new Error('The bootstrap node of the lab ended at once')
  const endBootstrap = async () => {
    bootstrap.stdin.end()
    await ended
  }
  try {
    const node = await NodeProcess.start({
      bootstrap: `${dhtAddress}:${dhtPort}`,
      environment: { HOST: nodeAddress },
      prefix: server.prefix,
    })
    return { node, close: () => node.dispose().then(endBootstrap) }
  } catch (error) {
    await endBootstrap()
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
