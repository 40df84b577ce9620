/*
 * In the page: a room of two with the data room as the frontend has it, and beside it one data channel of its own. Nodes are played by this file and by
 * the runner: they bring journals, and contents never.
 */
import { browserRuntime, ProtocolManager, type Room, type RoomView } from '@p2pigeon/core'
import {
  DataRoom,
  passingMemory,
  rootFolder,
  Scope,
  workOver,
  type DriveStore,
  type Octets,
} from '@p2pigeon/core/files'
import { BenchFault } from '../page/fault.ts'

/** What the runner does for the pages. Bytes travel in base64. */
interface Runner {
  appendBatch(drive: string, n: number, batch: string): Promise<number>
  batchesFrom(drive: string, from: number): Promise<readonly string[]>
}

declare const runner: Runner

/** The runner calls these in a page. */
export interface DirectPage {
  enter(relayUrl: string, code?: string): Promise<string>
  /** Resolves when the other one is connected. */
  met(): Promise<void>
  share(name: string, bytes: number): Promise<void>
  /** Reads a file of the other one to its end; milliseconds. */
  fetch(name: string, bytes: number): Promise<number>
  /** One description of a connection of its own; takes the other end's, if there is one. */
  describe(remote?: string): Promise<string>
  /** The other end's answer. */
  answer(remote: string): Promise<void>
  /** Has the other end send so many bytes; milliseconds. */
  raw(bytes: number): Promise<number>
}

const quota = { usedBytes: 0, quotaBytes: 2 ** 40 }
// As the library has it, and as the pages of the other benches (page/watermark.ts).
const highWatermarkBytes = 65_536
const lowWatermarkBytes = 32_768
/** As long as a piece of a file on a fast way. */
const messageBytes = 61_440

const store: DriveStore = {
  open: () => Promise.resolve(quota),
  createDrive: () => Promise.resolve(hex(crypto.getRandomValues(new Uint8Array(32)))),
  put: () => Promise.resolve(),
  stored: () => Promise.resolve([]),
  drop: () => Promise.resolve(),
  append: async (drive, n, batch) => {
    const next = await runner.appendBatch(drive, n, btoa(String.fromCharCode(...batch)))
    return next === n ? {} : { next }
  },
  follow: () => Promise.resolve(),
  journal: async (drive, from) => {
    const batches = (await runner.batchesFrom(drive, from)).map(octetsOf)
    return { batches, length: from + batches.length }
  },
  read: () => Promise.reject(new BenchFault('no node gives contents here')),
}

let entered: { readonly room: Room; readonly files: DataRoom } | undefined

async function enter(relayUrl: string, code?: string): Promise<string> {
  const manager = new ProtocolManager()
  await manager.initialize({ iceServers: [], nostr: { relayUrls: [relayUrl] } })
  const link = code ?? (await manager.createRoomLink({ privacy: 'lan' }))
  const room = await manager.joinRoom(link)
  const { clock, random } = browserRuntime()
  const work = workOver(new Worker('/direct-worker.js', { type: 'module' }))
  const memory = { load: () => Promise.resolve(undefined), keep: () => Promise.resolve() }
  const ports = { ...room.files, store, work, clock, random, memory, uploads: passingMemory() }
  entered = { room, files: await DataRoom.open(ports, new Scope()) }
  return link
}

function here(): NonNullable<typeof entered> {
  if (!entered) throw new BenchFault('nobody entered')
  return entered
}

function met(): Promise<void> {
  const { room } = here()
  const isMet = ({ participants }: RoomView): boolean =>
    participants.some(({ connection }) => connection.kind === 'connected')
  return until(
    (changed) => room.subscribe(changed),
    () => isMet(room.view()),
  )
}

async function share(name: string, bytes: number): Promise<void> {
  const { files } = here()
  const blob = new Blob(Array.from({ length: Math.ceil(bytes / 65_536) }, noise)).slice(0, bytes)
  const slice = async (start: number, end: number): Promise<Octets> =>
    new Uint8Array(await blob.slice(start, end).arrayBuffer())
  files.upload(rootFolder, [{ path: [], name, mediaType: '', modifiedAtMs: 1, body: { sizeBytes: bytes, slice } }])
  const isDone = (): boolean => files.transfers().some((one) => one.name === name && one.state.kind === 'done')
  await until((changed) => files.on('transfersChanged', changed), isDone)
}

async function fetchFile(name: string, bytes: number): Promise<number> {
  const { files } = here()
  const find = () => files.view.list(rootFolder).find((entry) => entry.name === name)
  await until(
    (changed) => files.on('viewChanged', changed),
    () => find() !== undefined,
  )
  const from = performance.now()
  const file = await files.open(find()?.id ?? '')
  const reader = file.stream().getReader()
  let got = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) got += next.value.length
  if (got !== bytes) throw new BenchFault('the file is not whole')
  return performance.now() - from
}

const connection = new RTCPeerConnection()
const channel = connection.createDataChannel('raw', { negotiated: true, id: 0 })
channel.binaryType = 'arraybuffer'
let taken: (bytes: number) => void = () => undefined
channel.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
  if (typeof data !== 'string') taken(data.byteLength)
  else void flood(Number(data))
}

async function describe(remote?: string): Promise<string> {
  if (remote !== undefined) await connection.setRemoteDescription(JSON.parse(remote) as RTCSessionDescriptionInit)
  await connection.setLocalDescription()
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (connection.iceGatheringState === 'complete') resolve()
    }
    connection.addEventListener('icegatheringstatechange', look)
    look()
  })
  return JSON.stringify(connection.localDescription)
}

async function answer(remote: string): Promise<void> {
  await connection.setRemoteDescription(JSON.parse(remote) as RTCSessionDescriptionInit)
}

async function flood(bytes: number): Promise<void> {
  channel.bufferedAmountLowThreshold = lowWatermarkBytes
  const message = new Uint8Array(messageBytes)
  for (let sent = 0; sent < bytes; sent += messageBytes) {
    if (channel.bufferedAmount >= highWatermarkBytes) {
      await new Promise((resolve) => channel.addEventListener('bufferedamountlow', resolve, { once: true }))
    }
    channel.send(message.subarray(0, Math.min(messageBytes, bytes - sent)))
  }
}

async function raw(bytes: number): Promise<number> {
  if (channel.readyState !== 'open') await new Promise((resolve) => channel.addEventListener('open', resolve))
  const from = performance.now()
  await new Promise<void>((resolve) => {
    let got = 0
    taken = (more) => {
      got += more
      if (got >= bytes) resolve()
    }
    channel.send(String(bytes))
  })
  return performance.now() - from
}

function until(subscribe: (changed: () => void) => () => void, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!holds()) return
      stop()
      resolve()
    }
    const stop = subscribe(look)
    queueMicrotask(look)
  })
}

function noise(): Octets {
  return crypto.getRandomValues(new Uint8Array(65_536))
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function octetsOf(base64: string): Octets {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
}

export const page: DirectPage = { enter, met, share, fetch: fetchFile, describe, answer, raw }
