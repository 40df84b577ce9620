import { createCipheriv, createHmac, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@p2pigeon/core/node'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startReplica, type Replica } from '../../src/data-room/index.ts'
import { loadPear } from '../../src/data-room/pear/index.ts'
import { DataClient, newObject } from './data-client.ts'
import { serve, type Served } from './served.ts'
import { spawnServed, type SpawnedNode } from './spawn-served.ts'
import { silent, startTestnet, type Testnet } from './testnet.ts'

const found = { timeout: 30_000, interval: 100 }
const gigabyte = 1_073_741_824

let testnet: Testnet
const nodes: SpawnedNode[] = []
const served: Served[] = []
const replicas: Replica[] = []
const folders: string[] = []

beforeEach(async () => {
  testnet = await startTestnet()
})

afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.kill()))
  await Promise.all(served.splice(0).map((one) => one.close()))
  await Promise.all(replicas.splice(0).map((replica) => replica.close()))
  await testnet.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pigeon-replicas-'))
  folders.push(folder)
  return folder
}

async function spawnNode(): Promise<{ readonly node: SpawnedNode; readonly client: DataClient }> {
  const node = await spawnServed(newFolder(), testnet.bootstrap)
  nodes.push(node)
  const client = new DataClient(node.port)
  await client.begin()
  return { node, client }
}

async function startBlind(secret: Buffer, quotaBytes = gigabyte, folder = newFolder()): Promise<Replica> {
  const replica = await startReplica({
    folder,
    secret,
    dht: await testnet.join(),
    quotaBytes,
    clock: systemClock,
    log: silent,
    progress: () => undefined,
  })
  replicas.push(replica)
  return replica
}

async function follow(client: DataClient, drives: string[], replica?: Buffer): Promise<void> {
  const body = JSON.stringify({ drives, ...(replica === undefined ? {} : { replica: replica.toString('hex') }) })
  const { status } = await client.call('POST', '/data/follow', Buffer.from(body))
  expect(status).toBe(200)
}

/** Ciphertext as a client brings it: AES-256-GCM under a key that no node has. */
function seal(key: Buffer, n: number, plain: Buffer): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt32BE(n, 8)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** True when some file under the folder holds these bytes. */
function holds(folder: string, bytes: Buffer): boolean {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).some(
    (entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(bytes),
  )
}

it(
  'gives a reader what the owner wrote while the owner is off, and learns none of it',
  { timeout: 120_000 },
  async () => {
    const secret = randomBytes(32)
    const fileKey = randomBytes(32)
    const master = randomBytes(32)
    const content = Buffer.from('The minutes of the meeting of the strike committee. '.repeat(8_000))
    const name = Buffer.from('minutes-of-the-strike-committee.pdf')
    const object = newObject()
    const blocks: Buffer[] = []
    for (let at = 0; at < content.length; at += 65_536) {
      blocks.push(seal(fileKey, at / 65_536, content.subarray(at, at + 65_536)))
    }
    const segment = Buffer.concat(blocks)
    const batch = seal(master, 0, Buffer.concat([name, fileKey, Buffer.alloc(100)]))

    const blindFolder = newFolder()
    const replica = await startBlind(secret, gigabyte, blindFolder)
    const owner = await spawnNode()
    const drive = await owner.client.newDrive()
    expect((await owner.client.put(drive, object, 0, segment)).status).toBe(201)
    expect((await owner.client.append(drive, 0, batch)).status).toBe(201)
    await follow(owner.client, [drive], secret)
    await expect.poll(() => replica.progress(), found).toMatchObject({ state: 'keeping', drives: 1 })
    await expect.poll(() => replica.progress().storedBytes, found).toBeGreaterThan(segment.length + batch.length)
    await owner.node.kill()

    const reader = await spawnNode()
    await follow(reader.client, [drive])
    await expect
      .poll(() => reader.client.journal(drive).catch(() => []), { timeout: 60_000, interval: 100 })
      .toEqual([batch])
    const part = await reader.client.get(drive, object, 0, { Range: 'bytes=131104-131199' })
    expect([part.status, part.body.equals(segment.subarray(131_104, 131_200))]).toEqual([206, true])
    const got = await reader.client.get(drive, object, 0)
    expect([got.status, got.body.equals(segment)]).toEqual([200, true])

    // The scan sees what is stored: ciphertext is found. What the volunteer must not have is not.
    expect(holds(blindFolder, segment.subarray(0, 64))).toBe(true)
    expect(holds(blindFolder, batch)).toBe(true)
    for (const hidden of [name, content.subarray(0, 32), fileKey, master, owner.client.key]) {
      expect(holds(blindFolder, hidden)).toBe(false)
    }
  },
)

it('carries writes from one node to another while both run', { timeout: 120_000 }, async () => {
  const owner = await spawnNode()
  const reader = await spawnNode()
  const drive = await owner.client.newDrive()
  await follow(reader.client, [drive])
  const object = newObject()
  for (let n = 0; n < 3; n++) {
    const segment = randomBytes(150_000)
    const batch = randomBytes(300)
    expect((await owner.client.put(drive, object, n, segment)).status).toBe(201)
    expect((await owner.client.append(drive, n, batch)).status).toBe(201)
    await expect
      .poll(async () => (await reader.client.journal(drive, n).catch(() => []))[0], { timeout: 60_000, interval: 100 })
      .toEqual(batch)
    const got = await reader.client.get(drive, object, n)
    expect([got.status, got.body.equals(segment)]).toEqual([200, true])
  }
  const refused = await reader.client.put(drive, object, 3, randomBytes(9))
  expect([refused.status, refused.json()]).toEqual([403, { code: 'not-yours' }])
})

it('clears at replicas and readers what its writer deletes, and nothing else', { timeout: 120_000 }, async () => {
  const secret = randomBytes(32)
  const replica = await startBlind(secret)
  const owner = await spawnNode()
  const readerNode = await serve({ folder: newFolder(), dht: await testnet.join(), limits: { waitMs: 2_000 } })
  served.push(readerNode)
  const reader = new DataClient(readerNode.port)
  await reader.begin()
  const drive = await owner.client.newDrive()
  const [kept, deleted] = [newObject(), newObject()]
  const bytes = { kept: randomBytes(300_000), deleted: randomBytes(400_000) }
  expect((await owner.client.put(drive, deleted, 0, bytes.deleted)).status).toBe(201)
  expect((await owner.client.put(drive, kept, 0, bytes.kept)).status).toBe(201)
  await follow(owner.client, [drive], secret)
  await follow(reader, [drive])
  await expect.poll(() => replica.progress().storedBytes, found).toBeGreaterThan(700_000)
  await expect.poll(async () => (await reader.get(drive, deleted, 0)).status, found).toBe(200)

  const { status } = await owner.client.call('DELETE', `/data/drives/${drive}/objects/${deleted}`)
  expect(status).toBe(200)
  await expect.poll(() => replica.progress().storedBytes, found).toBeLessThan(400_000)
  await owner.node.kill()
  await expect.poll(async () => (await reader.get(drive, deleted, 0)).status, { timeout: 60_000 }).not.toBe(200)
  const got = await reader.get(drive, kept, 0)
  expect([got.status, got.body.equals(bytes.kept)]).toEqual([200, true])
})

it('meets a node that began to look for it at the same moment', { timeout: 120_000 }, async () => {
  const secret = randomBytes(32)
  const owner = await spawnNode()
  const drive = await owner.client.newDrive()
  const [replica] = await Promise.all([startBlind(secret), follow(owner.client, [drive], secret)])
  await expect.poll(() => replica.progress().drives, found).toBe(1)
})

it('is told nothing by nodes that were given another secret', { timeout: 120_000 }, async () => {
  const secret = randomBytes(32)
  const blind = await startBlind(secret)
  const other = await startBlind(randomBytes(32))
  const wrong = Buffer.from(secret)
  wrong[31] = (wrong[31] ?? 0) ^ 1
  const owner = await spawnNode()
  const [first, second] = [await owner.client.newDrive(), await owner.client.newDrive()]
  await follow(owner.client, [first], wrong)
  await follow(owner.client, [second], secret)
  // The drive named under the right secret comes: whatever would have come under the other one had the same time.
  await expect.poll(() => blind.progress().drives, found).toBe(1)
  expect(other.progress()).toMatchObject({ state: 'waiting', drives: 0 })
})

it('names to replicas what the node follows, though it has no place for another drive of the same call', async () => {
  const secret = randomBytes(32)
  const blind = await startBlind(secret)
  const node = await serve({ folder: newFolder(), dht: await testnet.join(), limits: { maxFollowed: 0 } })
  served.push(node)
  const client = new DataClient(node.port)
  await client.begin()
  const drives = [randomBytes(32).toString('hex'), await client.newDrive()]
  const body = Buffer.from(JSON.stringify({ drives, replica: secret.toString('hex') }))
  expect((await client.call('POST', '/data/follow', body)).status).toBe(507)
  await expect.poll(() => blind.progress().drives, found).toBe(1)
}, 120_000)

it('keeps a drive that somebody has brought, whatever the same key names later', async () => {
  const owner = await spawnNode()
  const drive = await owner.client.newDrive()
  await owner.client.append(drive, 0, randomBytes(100))
  const node = await serve({ folder: newFolder(), dht: await testnet.join(), limits: { maxFollowedPerKey: 2 } })
  served.push(node)
  const client = new DataClient(node.port)
  await client.begin()
  await follow(client, [drive])
  await expect.poll(() => client.journal(drive).catch(() => []), found).toHaveLength(1)
  for (let time = 0; time < 3; time++) await follow(client, [randomBytes(32).toString('hex')])
  expect(await client.journal(drive)).toHaveLength(1)
  expect(node.room.stats().followed).toBe(2)
}, 120_000)

it('takes no names from an end that found it and does not know the secret', { timeout: 120_000 }, async () => {
  const secret = randomBytes(32)
  const blind = await startBlind(secret)
  // Whoever watches the DHT sees the topic, and can meet the replica there.
  const topic = createHmac('sha256', secret).update('p2pigeon/v1/replica/topic').digest()
  const { Corestore, Hyperswarm } = await loadPear()
  const store = new Corestore(newFolder())
  await store.ready()
  const swarm = new Hyperswarm({ dht: (await testnet.join()).hyperNode(), maxPeers: 8 })
  const octets = {
    preencode: (state: { end: number }, value: Uint8Array): void => {
      state.end += value.length
    },
    encode: (state: { start: number; buffer: Uint8Array }, value: Uint8Array): void => {
      state.buffer.set(value, state.start)
      state.start += value.length
    },
    decode: (state: { start: number; end: number; buffer: Uint8Array }): Uint8Array => {
      const value = state.buffer.slice(state.start, state.end)
      state.start = state.end
      return value
    },
  }
  const ended = new Promise<Uint8Array[]>((resolve) => {
    swarm.on('connection', (connection) => {
      connection.on('error', () => undefined)
      store.replicate(connection)
      const heard: Uint8Array[] = []
      const channel = connection.userData?.createChannel({
        protocol: 'p2pigeon/replica/1',
        id: topic,
        messages: [
          {
            encoding: octets,
            onmessage: (proof) => {
              heard.push(proof)
              // The only proof that it has is the replica's own one; then names all the same.
              channel?.messages[0]?.send(proof)
              channel?.messages[1]?.send(randomBytes(32))
            },
          },
          { encoding: octets, onmessage: (value) => heard.push(value) },
        ],
        onopen: () => undefined,
        onclose: () => {
          resolve(heard)
        },
      })
      channel?.open()
    })
  })
  const discovery = swarm.join(topic, { server: false, client: true })
  expect(await ended).toHaveLength(1)
  expect(blind.progress()).toMatchObject({ state: 'waiting', drives: 0 })
  await discovery.destroy()
  await swarm.destroy()
  await store.close()
})

it('keeps as much as it was given room for, and says so', { timeout: 120_000 }, async () => {
  const secret = randomBytes(32)
  const blind = await startBlind(secret, 500_000)
  const owner = await spawnNode()
  const drive = await owner.client.newDrive()
  await follow(owner.client, [drive], secret)
  await expect.poll(() => blind.progress().drives, found).toBe(1)
  for (let n = 0; n < 8; n++) await owner.client.put(drive, newObject(), 0, randomBytes(1_000_000))
  await expect.poll(() => blind.progress().state, found).toBe('full')
})

it('fetches nothing that it has no room for, and says so', { timeout: 120_000 }, async () => {
  const owner = await spawnNode()
  const drive = await owner.client.newDrive()
  const [small, large] = [newObject(), newObject()]
  const segment = randomBytes(20_000)
  expect((await owner.client.put(drive, small, 0, segment)).status).toBe(201)
  expect((await owner.client.put(drive, large, 0, randomBytes(400_000))).status).toBe(201)
  const reader = await serve({
    folder: newFolder(),
    dht: await testnet.join(),
    limits: { quotaAllBytes: 200_000 },
  })
  served.push(reader)
  const client = new DataClient(reader.port)
  await client.begin()
  await follow(client, [drive])
  const got = await client.get(drive, small, 0)
  expect([got.status, got.body.equals(segment)]).toEqual([200, true])
  const refused = await client.get(drive, large, 0)
  expect([refused.status, refused.json()]).toEqual([507, { code: 'quota-all' }])
  expect((await client.get(drive, small, 0)).status).toBe(200)
  expect(reader.room.stats().storedBytes).toBeLessThan(200_000)
})

it('goes on with what it has after a restart', { timeout: 120_000 }, async () => {
  const secret = randomBytes(32)
  const folder = newFolder()
  const first = await startBlind(secret, gigabyte, folder)
  const owner = await spawnNode()
  const drive = await owner.client.newDrive()
  const object = newObject()
  const segment = randomBytes(200_000)
  await owner.client.put(drive, object, 0, segment)
  await follow(owner.client, [drive], secret)
  await expect.poll(() => first.progress().storedBytes, found).toBeGreaterThan(segment.length)
  replicas.splice(replicas.indexOf(first), 1)
  await first.close()
  await owner.node.kill()

  const again = await startBlind(secret, gigabyte, folder)
  expect(again.progress()).toMatchObject({ state: 'keeping', drives: 1 })
  const reader = await serve({ folder: newFolder(), dht: await testnet.join() })
  served.push(reader)
  const client = new DataClient(reader.port)
  await client.begin()
  await follow(client, [drive])
  const got = await client.get(drive, object, 0)
  expect([got.status, got.body.equals(segment)]).toEqual([200, true])
})
