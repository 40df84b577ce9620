import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importSeed } from '@p2pigeon/core'
import { freshSigner, Messenger, RelayPool, TransportError, type Http, type Slots } from '@p2pigeon/core/chat'
import { NodeStore, readBareObject, Scope, sessionKey } from '@p2pigeon/core/files'
import { nodeRuntime, systemClock, webRandom } from '@p2pigeon/core/node'
import { startTestRelay, type TestRelay } from '@p2pigeon/core/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { serve, type Served } from './served.ts'
import { startTestnet, type Testnet } from './testnet.ts'

const patient = { timeout: 60_000, interval: 100 }
const twoPieces = 4_195_328 + 100_000

let testnet: Testnet
let relay: TestRelay
const undoings: (() => unknown)[] = []

beforeEach(async () => {
  testnet = await startTestnet()
  relay = await startTestRelay()
})

afterEach(async () => {
  for (const undo of undoings.splice(0).reverse()) await undo()
  await relay.close()
  await testnet.close()
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pigeon-conversation-files-'))
  undoings.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A node with a store of files in its data room. */
async function node(folder = newFolder(), waitMs = 30_000): Promise<Served> {
  const served = await serve({ folder, dht: await testnet.join(), blobs: true, limits: { waitMs } })
  undoings.push(() => served.close())
  return served
}

/** HTTP that reaches this node and notes whatever else it is asked for. */
function httpTo(port: number, foreign: string[]): Http {
  const own = `http://127.0.0.1:${String(port)}/`
  const refused = (url: string) => {
    foreign.push(url)
    return new TransportError('http-failed', 'nobody answers')
  }
  return {
    put: async (url, headers, body) => {
      if (!url.startsWith(own)) throw refused(url)
      return { status: (await fetch(url, { method: 'PUT', headers, body })).status }
    },
    get: async (url) => {
      if (!url.startsWith(own)) throw refused(url)
      const answer = await fetch(url)
      return { status: answer.status, bytes: new Uint8Array(await answer.arrayBuffer()) }
    },
  }
}

interface Person {
  readonly key: string
  readonly messenger: Messenger
  /** Hosts that were asked besides the own node. */
  readonly foreign: readonly string[]
}

function slots(): Slots {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>()
  return {
    read: (name) => Promise.resolve(kept.get(name)?.slice()),
    write: async (name, bytes) => void kept.set(name, new Uint8Array(bytes)),
    remove: async (name) => void kept.delete(name),
  }
}

/** Somebody at a node to whom everybody is a contact. */
async function person({ port, drive }: Served): Promise<Person> {
  const scope = new Scope()
  undoings.push(() => scope.end())
  const foreign: string[] = []
  const common = { clock: systemClock, random: webRandom, scope, signer: freshSigner(webRandom) }
  const url = `http://127.0.0.1:${String(port)}`
  const key = await sessionKey(await importSeed(webRandom.bytes(32)), new Uint8Array(20))
  const ours = new NodeStore({ ...common, url, key, fetch: (...given) => fetch(...given) })
  const messenger = await Messenger.open({
    ...common,
    slots: slots(),
    relays: new RelayPool({ ...common, urls: [relay.url], sockets: nodeRuntime().sockets }),
    store: {
      http: httpTo(port, foreign),
      url: `${url}/blobs`,
      maxBytes: 8 * 2 ** 20,
      drive,
      drives: {
        read: (from, object, bytes, { signal, progress }) =>
          readBareObject(ours, { drive: from, object, bytes }, signal ?? scope.signal, progress),
      },
    },
    who: (other) => ({ id: other as never, name: 'somebody', devices: 1, blocked: false }),
    seek: () => () => undefined,
    hasOtherDevices: () => false,
  })
  return { key: common.signer.publicKey, messenger, foreign }
}

/** Sends a file, and waits until the other one has been told of it. */
async function send(from: Person, to: Person, bytes: Uint8Array) {
  const id = await from.messenger.start([to.key])
  await from.messenger.files.send(id, { name: 'a film', type: 'video/webm', bytes })
  await expect.poll(() => to.messenger.messages(id).find(({ file }) => file !== undefined), patient).toBeDefined()
  const message = to.messenger.messages(id).find(({ file }) => file !== undefined)?.id ?? ''
  return { id, message }
}

it('a file comes from node to node: no page asks a node that is not its own', { timeout: 120_000 }, async () => {
  const [adas, bens] = [await node(), await node()]
  const [ada, ben] = [await person(adas), await person(bens)]
  const bytes = webRandom.bytes(twoPieces)
  const { id, message } = await send(ada, ben, bytes)
  expect(ben.messenger.files.isNear(id, message)).toBe(false)
  const parts: number[] = []
  const got = await ben.messenger.files.open(id, message, { progress: (part) => parts.push(part) })
  expect(Buffer.from(got).equals(bytes)).toBe(true)
  expect([parts.length, parts.at(-1)]).toEqual([2, 1])
  expect([ada.foreign, ben.foreign]).toEqual([[], []])
})

it('one whose node is away is out of reach, and comes when it is back', { timeout: 120_000 }, async () => {
  const folder = newFolder()
  const [adas, bens] = [await node(folder), await node(newFolder(), 1_000)]
  const [ada, ben] = [await person(adas), await person(bens)]
  const bytes = webRandom.bytes(100_000)
  const { id, message } = await send(ada, ben, bytes)
  await adas.close()
  await expect(ben.messenger.files.open(id, message)).rejects.toMatchObject({ code: 'file-away' })
  await node(folder)
  await expect
    .poll(() => ben.messenger.files.open(id, message).catch((error: unknown) => String(error)), patient)
    .toEqual(new Uint8Array(bytes))
  expect(ben.foreign).toEqual([])
})

it('one that its node has exchanged is refused', { timeout: 120_000 }, async () => {
  const [adas, bens] = [await node(), await node()]
  const [ada, ben] = [await person(adas), await person(bens)]
  const { id, message } = await send(ada, ben, webRandom.bytes(100_000))
  // What a node that means harm can do: the same name and length, and other bytes.
  const objects = await adas.room.nodeObjects()
  for (const object of await objects.objects()) {
    const pieces = await objects.read(object, 0)
    let length = 0
    for await (const piece of pieces) length += piece.length
    await objects.clear(object)
    await objects.put(object, 0, Buffer.from(webRandom.bytes(length)))
  }
  await expect(ben.messenger.files.open(id, message)).rejects.toMatchObject({ code: 'file-damaged' })
})
