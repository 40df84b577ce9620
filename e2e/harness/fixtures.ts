import { test as base } from '@playwright/test'
import { Browsers } from './browsers.ts'
import { startDhtBootstrap } from './dht-bootstrap.ts'
import { NodeProcess } from './node-process.ts'
import { owner } from './owner.ts'
import { Person, type PersonOptions } from './person.ts'
import { RelayRecorder } from './relay-recorder.ts'
import { ReplicaProcess } from './replica-process.ts'
import { TerminalPeer } from './terminal-peer.ts'

interface Story {
  /** `host:port` of a DHT of this test alone. */
  bootstrap: string
  startNode: (environment?: Readonly<Record<string, string>>) => Promise<NodeProcess>
  /** A node for tests that need just one. */
  node: NodeProcess
  openPerson: (name: string, options?: Partial<PersonOptions>) => Promise<Person>
  /** Somebody in a terminal, on the DHT itself or through the relay of a node. */
  openTerminal: (name: string, link: string, options?: { readonly relay?: NodeProcess }) => TerminalPeer
  recordRelay: (node: NodeProcess) => Promise<RelayRecorder>
  /** A volunteer who runs `pigeon replicate --blind` with this code. */
  startReplica: (code: string) => Promise<ReplicaProcess>
}

export const test = base.extend<Story, { browsers: Browsers }>({
  browsers: [
    // eslint-disable-next-line no-empty-pattern -- the runner wants the braces
    async ({}, use) => {
      const browsers = new Browsers()
      await use(browsers)
      await browsers.close()
    },
    { scope: 'worker' },
  ],

  // eslint-disable-next-line no-empty-pattern -- the runner wants the braces
  bootstrap: async ({}, use) => {
    const bootstrap = await startDhtBootstrap()
    await use(bootstrap.address)
    await bootstrap.close()
  },

  startNode: async ({ bootstrap }, use) => {
    const { own, end } = owner()
    await use(async (environment = {}) =>
      own(await NodeProcess.start({ bootstrap, environment }), (node) => node.dispose()),
    )
    await end()
  },

  node: async ({ startNode }, use) => {
    await use(await startNode())
  },

  openPerson: async ({ browsers, node, recordRelay: _endsLater }, use) => {
    // the recorder is asked for, so that it ends after the pages: a page whose relay goes first would complain
    const { own, end } = owner()
    const people: Person[] = []
    await use(async (name, options = {}) => {
      const person = own(await Person.open(name, browsers, { node, ...options }), (one) => one.close())
      people.push(person)
      return person
    })
    await end()
    const faults = people.flatMap(({ name, faults }) => faults.unexpected.map((fault) => `${name}: ${fault}`))
    if (faults.length > 0) throw new Error(`Faults in the pages of this journey:\n${faults.join('\n')}`)
  },

  openTerminal: async ({ bootstrap }, use) => {
    const { own, end } = owner()
    await use((name, link, { relay } = {}) => {
      const road = relay ? ['--relay', `${relay.url.replace('http', 'ws')}/dht`] : ['--bootstrap', bootstrap]
      return own(new TerminalPeer(name, link, road), (peer) => peer.dispose())
    })
    await end()
  },

  startReplica: async ({ bootstrap }, use) => {
    const { own, end } = owner()
    await use(async (code) => own(await ReplicaProcess.start(code, bootstrap), (replica) => replica.dispose()))
    await end()
  },

  // eslint-disable-next-line no-empty-pattern -- the runner wants the braces
  recordRelay: async ({}, use) => {
    const { own, end } = owner()
    await use(async (node) => own(await RelayRecorder.start(node.url), (recorder) => recorder.close()))
    await end()
  },
})

export { expect } from '@playwright/test'
