import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '@p2pigeon/core/node'
import { z } from 'zod'
import { AddressRates, AddressShares, proofBytes, Sessions } from '../access/index.ts'
import type { DataClient } from '../contract.ts'
import { batchBytes, followBytes, journalAnswerBytes, type DataRoomLimits } from '../limits.ts'
import { Refusal } from '../refusal.ts'
import { maxBytesOf, type DataStore, type OpenDrive } from '../store/index.ts'
import { Bodies } from './body.ts'
import { readRange } from './range.ts'
import { routeOf, type Call } from './route.ts'
import { sendJson, sendPieces, sendRefusal } from './send.ts'

const hexKey = z.string().regex(/^[0-9a-f]{64}$/)
const followBody = z.strictObject({ drives: z.array(hexKey).max(1_024), replica: hexKey.optional() })
/** Smaller is no batch: version, master, epoch, salt and the tag alone take that much. */
const minBatchBytes = 53

export interface DataApiOptions {
  readonly store: DataStore
  readonly limits: DataRoomLimits
  readonly clock: Clock
  /** Looks for the replica of this secret and names these drives to it. @throws {Refusal} */
  readonly nameToReplica: (secret: Buffer, drives: readonly string[]) => void
}

/** Whose session it is, in hex, and where it comes from. */
interface Asker {
  readonly key: string
  readonly address: string
}

/** The calls of docs/protocol/files.md over one store. */
export class DataApi {
  readonly #store: DataStore
  readonly #limits: DataRoomLimits
  readonly #nameToReplica: DataApiOptions['nameToReplica']
  readonly #sessions: Sessions
  readonly #bodies: Bodies
  readonly #bodyMemory: AddressShares
  readonly #proofMemory: AddressShares
  readonly #reads: AddressShares
  readonly #clock: Clock
  readonly #sessionRates: AddressRates
  readonly #requestRates: AddressRates
  readonly #driveRates: AddressRates
  readonly #followRates: AddressRates
  readonly #running = new Set<Promise<void>>()
  #sent = 0
  #refused = 0
  #ended = false

  constructor({ store, limits, clock, nameToReplica }: DataApiOptions) {
    this.#store = store
    this.#limits = limits
    this.#clock = clock
    this.#nameToReplica = nameToReplica
    this.#sessions = new Sessions(limits, clock)
    this.#bodies = new Bodies(limits.bodyMs, clock)
    this.#bodyMemory = new AddressShares(limits.maxBufferedBytes, limits.maxBufferedBytesPerAddress)
    // Apart, so that large bodies keep nobody out: as many at a time as there may be sessions, and as one address may ask for at once.
    this.#proofMemory = new AddressShares(limits.maxSessions * proofBytes, limits.sessionBurst * proofBytes)
    this.#reads = new AddressShares(limits.maxReads, limits.maxReadsPerAddress)
    this.#sessionRates = new AddressRates(limits.sessionBurst, limits.sessionsPerSecond, clock)
    this.#requestRates = new AddressRates(limits.requestBurst, limits.requestsPerSecond, clock)
    this.#driveRates = new AddressRates(limits.driveBurst, limits.drivesPerSecond, clock)
    this.#followRates = new AddressRates(limits.followBurst, limits.followsPerSecond, clock)
  }

  stats(): { sessions: number; receivedBytes: number; sentBytes: number; refused: number } {
    return {
      sessions: this.#sessions.size,
      receivedBytes: this.#bodies.received,
      sentBytes: this.#sent,
      refused: this.#refused,
    }
  }

  /** Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse, client: DataClient): Promise<void> {
    const answered = this.#answer(request, response, client).catch((error: unknown) => {
      this.#refused += 1
      sendRefusal(response, error)
    })
    this.#running.add(answered)
    await answered
    this.#running.delete(answered)
  }

  /** Refuses what comes from now on; resolves when nothing is being answered any more. */
  async close(): Promise<void> {
    this.#ended = true
    await Promise.all(this.#running)
  }

  async #answer(request: IncomingMessage, response: ServerResponse, client: DataClient): Promise<void> {
    if (this.#ended) throw new Refusal('busy')
    if (!this.#requestRates.take(client.address)) throw new Refusal('too-many-requests')
    const call = routeOf(request.method ?? '', request.url ?? '')
    if (call.kind === 'not-found' || call.kind === 'method-unknown') throw new Refusal(call.kind)
    if (call.kind === 'open-session') {
      await this.#openSession(request, response, client)
      return
    }
    const key = this.#sessions.keyOf(request.headers.authorization)
    await this.#perform(call, { key, address: client.address }, request, response)
  }

  async #openSession(request: IncomingMessage, response: ServerResponse, client: DataClient): Promise<void> {
    if (!this.#sessionRates.take(client.address)) throw new Refusal('too-many-requests')
    const rules = { maxBytes: proofBytes, address: client.address, memory: this.#proofMemory }
    await this.#bodies.with(request, rules, (body) => {
      const { key, token, expiresInMs } = this.#sessions.open(body, client.host)
      const quotaBytes = this.#limits.quotaBytes
      sendJson(response, 200, { token, expiresInMs, quotaBytes, usedBytes: this.#store.usedBy(key) })
      return Promise.resolve()
    })
  }

  async #perform(
    call: Exclude<Call, { kind: 'open-session' }>,
    { key, address }: Asker,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    switch (call.kind) {
      case 'create-drive':
        if (!this.#driveRates.take(address)) throw new Refusal('too-many-requests')
        sendJson(response, 201, { drive: (await this.#store.create(key)).key })
        return
      case 'follow':
        await this.#follow({ key, address }, request, response)
        return
      case 'put-segment': {
        const drive = this.#ownDrive(call.drive, key)
        await this.#body(request, maxBytesOf(call.name), address, async (body) => {
          if (body.length === 0) throw new Refusal('body-size')
          const done = await drive.putSegment(call.object, call.name, body)
          sendJson(response, done === 'stored' ? 201 : 200, {})
        })
        return
      }
      case 'get-segment':
        await this.#read(address, async () => {
          const segment = await this.#store.drive(call.drive).segment(call.object, call.name)
          const asked = readRange(request.headers.range, segment.byteLength)
          if (asked.kind === 'wrong') throw new Refusal('range-wrong')
          const { start, end } = asked.range
          const part = { 'Content-Range': `bytes ${String(start)}-${String(end - 1)}/${String(segment.byteLength)}` }
          const headers = {
            'Content-Length': end - start,
            'Accept-Ranges': 'bytes',
            ...(asked.kind === 'part' ? part : {}),
          }
          const pieces = segment.read(asked.range)
          this.#sent += await sendPieces(response, asked.kind === 'part' ? 206 : 200, headers, pieces, {
            clock: this.#clock,
            maxBytes: end - start,
          })
        })
        return
      case 'list-object':
        sendJson(response, 200, await this.#store.drive(call.drive).segments(call.object))
        return
      case 'clear-object':
        await this.#ownDrive(call.drive, key).clearObject(call.object)
        sendJson(response, 200, {})
        return
      case 'append-batch': {
        const drive = this.#ownDrive(call.drive, key)
        await this.#body(request, batchBytes, address, async (body) => {
          if (body.length < minBatchBytes) throw new Refusal('body-size')
          const done = await drive.appendBatch(call.n, body)
          sendJson(response, done === 'stored' ? 201 : 200, {})
        })
        return
      }
      case 'read-journal':
        await this.#read(address, async () => {
          const { length, batches } = await this.#store.drive(call.drive).journal(call.from)
          this.#sent += await sendPieces(response, 200, { 'Journal-Length': length }, batches, {
            clock: this.#clock,
            maxBytes: journalAnswerBytes,
          })
        })
        return
      default:
        call satisfies never
    }
  }

  async #follow({ key, address }: Asker, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { drives, replica } = await this.#body(request, followBytes, address, (body) => {
      const parsed = followBody.safeParse(parseJson(body))
      if (!parsed.success) throw new Refusal('bad-request')
      return Promise.resolve(parsed.data)
    })
    const refused: unknown[] = []
    for (const drive of drives) {
      try {
        if (!this.#store.knows(drive) && !this.#followRates.take(address)) throw new Refusal('too-many-requests')
        await this.#store.follow(drive, key)
      } catch (error) {
        refused.push(error)
      }
    }
    // One for which there is no place keeps no other one from replicas.
    const followed = drives.filter((drive) => this.#store.knows(drive))
    if (replica !== undefined) this.#nameToReplica(Buffer.from(replica, 'hex'), followed)
    if (refused.length > 0) throw refused[0]
    sendJson(response, 200, {})
  }

  /** @throws {Refusal} `unknown-drive`, `not-yours`. */
  #ownDrive(drive: string, key: string): OpenDrive {
    const known = this.#store.drive(drive)
    if (known.record.kind !== 'own' || known.record.owner !== key) throw new Refusal('not-yours')
    return known
  }

  #body<T>(request: IncomingMessage, maxBytes: number, address: string, use: (body: Buffer) => Promise<T>): Promise<T> {
    return this.#bodies.with(request, { maxBytes, address, memory: this.#bodyMemory }, use)
  }

  async #read(address: string, answer: () => Promise<void>): Promise<void> {
    const giveBack = this.#reads.take(address, 1)
    if (giveBack === undefined) throw new Refusal('busy')
    try {
      await answer()
    } finally {
      giveBack()
    }
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new Refusal('bad-request')
  }
}
