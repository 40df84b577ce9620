import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { DataClient, newObject } from './data-client.ts'
import { serve, type Served } from './served.ts'

const served: Served[] = []
const folders: string[] = []
const mounts: string[] = []
afterEach(async () => {
  await Promise.all(served.splice(0).map((one) => one.close()))
  for (const mount of mounts.splice(0)) execFileSync('umount', [mount])
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pigeon-full-'))
  folders.push(folder)
  return folder
}

/** A disk of its own, where this machine lets us make one. */
function smallDisk(megabytes: number): string | undefined {
  const folder = newFolder()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${String(megabytes)}m`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  mounts.push(folder)
  return folder
}

const canMount = process.platform === 'linux' && process.getuid?.() === 0 && smallDisk(1) !== undefined

interface Kept {
  readonly object: string
  readonly bytes: Buffer
}

/** Brings segments until one is refused; gives those that were acknowledged. */
async function fill(client: DataClient, drive: string): Promise<{ kept: Kept[]; refusal: [number, unknown] }> {
  const kept: Kept[] = []
  for (;;) {
    const object = newObject()
    const bytes = randomBytes(1_000_000)
    const answer = await client.put(drive, object, 0, bytes)
    if (answer.status !== 201) return { kept, refusal: [answer.status, answer.json()] }
    kept.push({ object, bytes })
  }
}

async function expectAll(client: DataClient, drive: string, kept: readonly Kept[]): Promise<void> {
  expect(kept.length).toBeGreaterThan(3)
  for (const { object, bytes } of kept) {
    const got = await client.get(drive, object, 0)
    expect([got.status, got.body.equals(bytes)]).toEqual([200, true])
  }
}

const diskFull: [number, unknown] = [507, { code: 'disk-full' }]

it('refuses before the disk is full, and reads all the same', async () => {
  const folder = newFolder()
  const before = await serve({ folder })
  const client = new DataClient(before.port)
  await client.begin()
  const drive = await client.newDrive()
  const kept = { object: newObject(), bytes: randomBytes(100_000) }
  expect((await client.put(drive, kept.object, 0, kept.bytes)).status).toBe(201)
  const batch = randomBytes(100)
  expect((await client.append(drive, 0, batch)).status).toBe(201)
  await before.close()

  const { blocks, bsize } = statfsSync(folder)
  const one = await serve({ folder, limits: { reserveBytes: blocks * bsize } })
  served.push(one)
  await client.moveTo(one.port)
  for (const answer of [
    await client.put(drive, newObject(), 0, randomBytes(1_000)),
    await client.append(drive, 1, randomBytes(100)),
    await client.call('POST', '/data/drives'),
  ]) {
    expect([answer.status, answer.json()]).toEqual(diskFull)
  }
  expect((await client.get(drive, kept.object, 0)).body.equals(kept.bytes)).toBe(true)
  expect(await client.journal(drive)).toEqual([batch])
  expect((await client.call('DELETE', `/data/drives/${drive}/objects/${kept.object}`)).status).toBe(200)
})

describe.skipIf(!canMount)('a disk that is full to its end', () => {
  it('loses nothing that was acknowledged, and takes more when there is room', { timeout: 60_000 }, async () => {
    const disk = smallDisk(128)
    if (disk === undefined) throw new Error('no disk')
    const ballast = join(disk, 'ballast')
    const folder = join(disk, 'data')
    mkdirSync(folder)
    writeFileSync(ballast, Buffer.alloc(80_000_000))
    // Without a reserve, the database is what finds that there is no room.
    const one = await serve({ folder, limits: { reserveBytes: -1_000_000_000 } })
    served.push(one)
    const client = new DataClient(one.port)
    await client.begin()
    const drive = await client.newDrive()
    const batch = randomBytes(500)
    expect((await client.append(drive, 0, batch)).status).toBe(201)
    const { kept, refusal } = await fill(client, drive)
    expect(refusal).toEqual(diskFull)
    await expectAll(client, drive, kept)

    truncateSync(ballast, 0)
    // The store opens anew by itself, when it is asked to write.
    const object = newObject()
    const bytes = randomBytes(1_000_000)
    await expect.poll(async () => (await client.put(drive, object, 0, bytes)).status, { timeout: 20_000 }).toBe(201)
    await expectAll(client, drive, [...kept, { object, bytes }])
    expect(await client.journal(drive)).toEqual([batch])

    served.splice(0)
    await one.close()
    const again = await serve({ folder })
    served.push(again)
    await client.moveTo(again.port)
    await expectAll(client, drive, [...kept, { object, bytes }])
  })

  it('loses nothing when the node ends while it is full', { timeout: 60_000 }, async () => {
    const disk = smallDisk(128)
    if (disk === undefined) throw new Error('no disk')
    const ballast = join(disk, 'ballast')
    const folder = join(disk, 'data')
    mkdirSync(folder)
    writeFileSync(ballast, Buffer.alloc(80_000_000))
    const one = await serve({ folder, limits: { reserveBytes: -1_000_000_000 } })
    const client = new DataClient(one.port)
    await client.begin()
    const drive = await client.newDrive()
    const { kept } = await fill(client, drive)
    await one.close()

    // There may be no room to open it: then it says so, and touches nothing.
    const early = await serve({ folder }).catch((error: unknown) => error)
    if (!(early instanceof Error)) await (early as Served).close()
    truncateSync(ballast, 0)
    const again = await serve({ folder })
    served.push(again)
    await client.moveTo(again.port)
    await expectAll(client, drive, kept)
  })
})
