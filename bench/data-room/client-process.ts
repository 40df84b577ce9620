/*
 * A member's device in a process of its own: port of the node, MiB of the large file and number of small ones as arguments, one line of JSON on standard output. The content
 * is made up as it is read, so that no disk of the client's is measured.
 */
import { rootFolder, type FileBody, type UploadFile } from '@p2pigeon/core/files'
import { BenchFault } from '../page/fault.ts'
import { median } from '../report/index.ts'
import { clientRoom, storeAt, type ClientRoom } from './client-room.ts'
import type { ClientFigures } from './client-figures.ts'
import { ProcessUse } from './process-use.ts'

const [port = 0, mebibytes = 0, smallFiles = 0] = process.argv.slice(2).map(Number)
const seeks = 30
const smallBytes = 1_024

function body(sizeBytes: number): FileBody {
  return {
    sizeBytes,
    slice: (start, end) => {
      const bytes = new Uint8Array(end - start)
      // Each part of it is another one, at no cost.
      new DataView(bytes.buffer).setFloat64(0, start)
      return Promise.resolve(bytes)
    },
  }
}

function file(name: string, sizeBytes: number): UploadFile {
  return { path: [], name, mediaType: 'application/octet-stream', modifiedAtMs: 0, body: body(sizeBytes) }
}

async function uploaded({ room, until }: ClientRoom, files: readonly UploadFile[], shown: number): Promise<number> {
  const startedAt = performance.now()
  const failed = new Promise<never>((_, reject) => {
    room.on('transfersChanged', () => {
      for (const { state } of room.transfers()) if (state.kind === 'failed') reject(new BenchFault(state.code))
    })
  })
  if (!room.upload(rootFolder, files)) throw new BenchFault('too many files')
  await Promise.race([until((view) => view.list(rootFolder).length >= shown), failed])
  room.clearFinished()
  return performance.now() - startedAt
}

const client = await clientRoom(await storeAt(port))
await client.until(({ node }) => node.kind === 'ready')
await uploaded(client, [file('first', 5 * 1_048_576)], 1)
// What lies about from the start is no growth.
globalThis.gc?.()
const use = new ProcessUse(process.pid)
const idleBytes = use.bytes
const cpuBeforeMs = use.cpuMs
use.watch()

const sizeBytes = mebibytes * 1_048_576
const uploadMs = await uploaded(client, [file('large', sizeBytes)], 2)
const large = client.room.view.list(rootFolder).find(({ name }) => name === 'large')
if (!large) throw new BenchFault('the file does not show')

const downloadAt = performance.now()
let got = 0
let firstByteMs = 0
const reader = (await client.room.open(large.id)).stream().getReader()
for (let next = await reader.read(); !next.done; next = await reader.read()) {
  if (got === 0) firstByteMs = performance.now() - downloadAt
  got += next.value.length
}
const downloadMs = performance.now() - downloadAt
if (got !== sizeBytes) throw new BenchFault('the file came in part')

const seekMs: number[] = []
for (let seek = 0; seek < seeks; seek += 1) {
  // Over the whole file, and never the segment before.
  const at = Math.floor((((seek * 7) % seeks) / seeks) * (sizeBytes - 65_536))
  const from = performance.now()
  await (await client.room.open(large.id)).read(at, at + 65_536)
  seekMs.push(performance.now() - from)
}
const largeUse = { growthBytes: use.peakBytes() - idleBytes, cpuMs: use.cpuMs - cpuBeforeMs }

const small = Array.from({ length: smallFiles }, (_, nth) => file(`small ${nth}`, smallBytes))
const smallMs = smallFiles === 0 ? 0 : await uploaded(client, small, 2 + smallFiles)

const figures: ClientFigures = {
  ...{ uploadMs, downloadMs, firstByteMs, seekMs: median(seekMs), smallMs },
  ...{ growthBytes: largeUse.growthBytes, cpuMs: largeUse.cpuMs },
}
process.stdout.write(`${JSON.stringify(figures)}\n`)
process.exit(0)
