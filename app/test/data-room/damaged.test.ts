import { randomBytes } from 'node:crypto'
import { copyFile, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { DataClient, newObject } from './data-client.ts'
import { serve } from './served.ts'
import { spawnServed } from './spawn-served.ts'

let folder = ''

afterEach(() => rm(folder, { recursive: true, force: true }))

async function logsIn(database: string): Promise<string[]> {
  return (await readdir(database)).filter((name) => name.endsWith('.log')).toSorted()
}

it('a database that does not fit its logs is named, nothing of it is deleted, and it opens once it is put right', async () => {
  folder = await mkdtemp(join(tmpdir(), 'pigeon-damaged-'))
  const database = join(folder, 'db')
  const node = await spawnServed(folder)
  const client = new DataClient(node.port)
  await client.begin()
  const drive = await client.newDrive()
  const bytes = randomBytes(100_000)
  const object = newObject()
  const batch = randomBytes(100)
  expect((await client.put(drive, object, 0, bytes)).status).toBe(201)
  expect((await client.append(drive, 0, batch)).status).toBe(201)
  // Killed, so that all of it is in the log and nowhere else.
  await node.kill()

  const [log = ''] = await logsIn(database)
  await copyFile(join(database, log), join(database, '999999.log'))
  const before = await Promise.all((await logsIn(database)).map((name) => readFile(join(database, name))))
  for (let time = 0; time < 2; time += 1) {
    await expect(serve({ folder })).rejects.toMatchObject({ code: 'damaged' })
    expect(await logsIn(database)).toEqual([log, '999999.log'])
    const after = await Promise.all((await logsIn(database)).map((name) => readFile(join(database, name))))
    expect(after.every((content, at) => content.equals(before[at] ?? Buffer.alloc(0)))).toBe(true)
  }

  await rm(join(database, '999999.log'))
  const served = await serve({ folder })
  try {
    await client.moveTo(served.port)
    expect((await client.get(drive, object, 0)).body.equals(bytes)).toBe(true)
    expect((await client.journal(drive))[0]?.equals(batch)).toBe(true)
    expect(await readdir(folder)).not.toContain('db-logs')
  } finally {
    await served.close()
  }
})

it('a copy of a store is named and left alone, and goes on once somebody says that it is the only one', async () => {
  folder = await mkdtemp(join(tmpdir(), 'pigeon-moved-'))
  const [original, copy] = [join(folder, 'original'), join(folder, 'copy')]
  const first = await serve({ folder: original })
  const client = new DataClient(first.port)
  await client.begin()
  const drive = await client.newDrive()
  const batch = randomBytes(100)
  expect((await client.append(drive, 0, batch)).status).toBe(201)
  await first.close()
  await cp(original, copy, { recursive: true })
  for (let time = 0; time < 2; time += 1) {
    await expect(serve({ folder: copy })).rejects.toMatchObject({ code: 'store-moved' })
  }
  await rm(join(copy, 'CORESTORE'))
  const served = await serve({ folder: copy })
  try {
    await client.moveTo(served.port)
    expect((await client.journal(drive))[0]?.equals(batch)).toBe(true)
    expect((await client.append(drive, 1, batch)).status).toBe(201)
  } finally {
    await served.close()
  }
})
