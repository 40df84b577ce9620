import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FilesPanel, findOnDisk, formsOf, NodeProcess, ReplicaProcess } from '../harness/index.ts'
import { expect, serverAddresses, startLabBootstrap, test } from '../lab/index.ts'

/* What the packets of every segment say of files on their way to a volunteer. */

const secret = 'the copper lantern is under the third stair'

const story = test.extend<{ disk: string; bootstrap: string }>({
  // eslint-disable-next-line no-empty-pattern -- the runner wants the braces
  disk: async ({}, use) => {
    const disk = await mkdtemp(join(tmpdir(), 'pigeon-captured-'))
    await use(disk)
    await rm(disk, { recursive: true, force: true })
  },
  // On a computer of its own: by a node beside it, it would learn an address that others reach, but are not answered from.
  bootstrap: async ({ lab }, use) => {
    const host = await lab.client('dht', {})
    const { address, close } = await startLabBootstrap(host, host.address)
    await use(address)
    await close()
  },
  // Nodes of one machine would look for each other on loopback.
  node: async ({ server, bootstrap }, use) => {
    const environment = { HOST: serverAddresses[0], PIGEON_DHT: 'public' }
    const node = await NodeProcess.start({ bootstrap, environment, prefix: server.prefix })
    await use(node)
    await node.dispose()
  },
})

story(
  'files go to a blind replica on a computer of its own: no packet of any segment holds a name or a word of them',
  async ({ bootstrap, disk, lab, server, openPerson }) => {
    const ada = await openPerson('Ada', { nat: 'cone' }, { camera: false })
    const volunteer = await lab.client('volunteer', { nat: 'cone' })
    await ada.newRoom()
    const files = new FilesPanel(ada)
    await files.open()
    const replica = await ReplicaProcess.start(await files.replicaCode(), bootstrap, volunteer.prefix)
    try {
      const folder = join(disk, 'Lighthouse papers')
      await mkdir(folder)
      const contents = Array.from({ length: 12 }, (_, n) => Buffer.from(`${secret}, says keeper ${n}\n`.repeat(4_000)))
      const nameOf = (n: number): string => `keeper ${n.toString().padStart(3, '0')}.txt`
      await Promise.all(contents.map((content, n) => writeFile(join(folder, nameOf(n)), content)))
      const bytes = contents.reduce((sum, content) => sum + content.length, 0)
      await files.choosesFolder(folder)
      await files.isQuiet(60_000)
      await replica.keeps(bytes, 60_000)

      // The observers did sit on the way: all of it passed there, and what is no secret shows.
      const came = [...volunteer.site.outside.flows()].filter(([ends]) => ends.startsWith('udp'))
      expect(came.reduce((sum, [, passed]) => sum + passed, 0)).toBeGreaterThan(bytes)
      expect(ada.host.site.outside.carried('PUT /data/drives/')).toBe(true)
      const needles = [secret, 'Lighthouse papers', nameOf(7)]
      for (const capture of [...volunteer.captures, ...server.captures, ...ada.host.captures])
        for (const needle of needles)
          for (const form of formsOf(needle))
            expect(capture.carried(form), `${capture.name} shows “${needle}”`).toBe(false)
      expect(await findOnDisk(replica.folder, needles.flatMap(formsOf))).toEqual([])
    } finally {
      await replica.dispose()
    }
  },
)
