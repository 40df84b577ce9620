import { test as base } from '@playwright/test'
import { owner } from '../harness/owner.ts'
import type { NodeProcess } from '../harness/node-process.ts'
import type { PersonOptions } from '../harness/person.ts'
import type { Host } from './host.ts'
import { NetworkLab } from './network-lab.ts'
import { type LabPerson, openLabPerson, startPublicNode } from './people.ts'
import { missingForLab } from './requirements.ts'
import type { Access } from './site.ts'

interface LabStory {
  lab: NetworkLab
  /** The computer with the public addresses, for journeys that have a node. */
  server: Host
  node: NodeProcess
  /** Somebody at a browser behind a line of this kind. */
  openPerson: (name: string, access: Access, options?: Partial<PersonOptions>) => Promise<LabPerson>
}

export const test = base.extend<LabStory, { missing: string | undefined }>({
  missing: [
    // eslint-disable-next-line no-empty-pattern -- the runner wants the braces
    async ({}, use) => {
      const missing = await missingForLab()
      if (missing !== undefined) console.log(`The network lab is skipped: ${missing}.`)
      await use(missing)
    },
    { scope: 'worker' },
  ],

  lab: async ({ missing }, use, testInfo) => {
    testInfo.skip(missing !== undefined, `no network lab: ${missing ?? ''}`)
    const lab = await NetworkLab.create()
    await use(lab)
    await lab[Symbol.asyncDispose]()
  },

  server: async ({ lab }, use) => {
    await use(await lab.server())
  },

  node: async ({ server }, use) => {
    const { node, close } = await startPublicNode(server)
    await use(node)
    await close()
  },

  openPerson: async ({ lab, node }, use) => {
    const { own, end } = owner()
    const people: LabPerson[] = []
    await use(async (name, access, options = {}) => {
      const host = await lab.client(name, access)
      const { person } = own(await openLabPerson(name, host, { node, ...options }), (opened) => opened.close())
      people.push(person)
      return person
    })
    await end()
    const faults = people.flatMap(({ name, faults }) => faults.unexpected.map((fault) => `${name}: ${fault}`))
    if (faults.length > 0) throw new Error(`Faults in the pages of this journey:\n${faults.join('\n')}`)
  },
})

export { expect } from '@playwright/test'
