import { toHex } from '../../bytes/index.ts'
import { Reader } from '../../codec/index.ts'
import { CodecError, TransportError } from '../../errors/index.ts'
import type { Clock, Random } from '../../runtime/index.ts'
import type { SessionKey } from './session-key.ts'
import {
  missing,
  unreachable,
  type ByteRange,
  type DriveStore,
  type JournalPage,
  type Octets,
  type Part,
  type Quota,
} from './source.ts'

const nonceBytes = 16
/** A session is renewed so long before it ends, so that none ends on the way. */
const renewBeforeMs = 30_000
/** A node that lies about the time for which a session lasts makes us ask again at most so often. */
const minSessionMs = 60_000
/** Tries of one call before it fails: with the pauses between them a node has half a minute to come back. */
const maxTries = 6
const firstPauseMs = 500
const maxPauseMs = 10_000
/** An answer of batches; more than a node sends. */
const maxJournalBytes = 8 * 1_048_576
/** A whole segment, hashes of the largest file, and headers. */
const maxPartBytes = 64 * 1_048_576
/** JSON of a node is small. */
const maxJsonBytes = 4 * 1_048_576
const maxBatchBytes = 65_536
const driveForm = /^[0-9a-f]{64}$/

export interface NodePorts {
  /** Address of the node without a path. */
  readonly url: string
  readonly key: SessionKey
  readonly clock: Clock
  readonly random: Random
  readonly fetch: typeof fetch
}

interface Call {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: Octets
  readonly json?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly maxBytes: number
}

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Octets
}

interface Session extends Quota {
  readonly token: string
  readonly endsAtMs: number
}

/** The data room's API of a node over HTTP: opens sessions as they are needed, tries again while the node is away. */
export class NodeStore implements DriveStore {
  readonly #ports: NodePorts
  #session: Promise<Session> | undefined
  /** Hex. */
  #replica: string | undefined
  readonly #followed = new Set<string>()

  constructor(ports: NodePorts) {
    this.#ports = ports
  }

  async open(signal: AbortSignal): Promise<Quota> {
    this.#session = undefined
    const { usedBytes, quotaBytes } = await this.#retrying(() => this.#current(), signal, 1)
    return { usedBytes, quotaBytes }
  }

  async createDrive(signal: AbortSignal): Promise<string> {
    const answer = await this.#call({ method: 'POST', path: '/drives', maxBytes: maxJsonBytes }, signal)
    const { drive } = jsonOf(answer)
    if (typeof drive !== 'string' || !driveForm.test(drive)) throw badAnswer()
    // Replicas hear of it now or with the next drive; this one is there in any case.
    await this.follow([drive], signal).catch(() => undefined)
    return drive
  }

  async put(drive: string, object: string, part: Part, bytes: Octets, signal: AbortSignal): Promise<void> {
    const path = `/drives/${drive}/objects/${object}/${part}`
    await this.#call({ method: 'PUT', path, body: bytes, maxBytes: maxJsonBytes }, signal)
  }

  async stored(drive: string, object: string, signal: AbortSignal): Promise<readonly number[]> {
    const answer = await this.#send(
      { method: 'GET', path: `/drives/${drive}/objects/${object}`, maxBytes: maxJsonBytes },
      signal,
    )
    if (answer.status === 404) return []
    const { segments } = jsonOf(checked(answer))
    if (!Array.isArray(segments)) throw badAnswer()
    return segments.filter((n): n is number => Number.isSafeInteger(n))
  }

  async drop(drive: string, object: string, signal: AbortSignal): Promise<void> {
    const path = `/drives/${drive}/objects/${object}`
    const answer = await this.#send({ method: 'DELETE', path, maxBytes: maxJsonBytes }, signal)
    if (answer.status !== 404) checked(answer)
  }

  async append(drive: string, n: number, batch: Octets, signal: AbortSignal): Promise<{ readonly next?: number }> {
    const path = `/drives/${drive}/journal/${n}`
    const answer = await this.#send({ method: 'PUT', path, body: batch, maxBytes: maxJsonBytes }, signal)
    if (answer.status === 409) {
      const { next } = jsonOf(answer)
      if (typeof next === 'number' && Number.isSafeInteger(next)) return { next }
    }
    checked(answer)
    return {}
  }

  async follow(drives: readonly string[], signal: AbortSignal): Promise<void> {
    const json = { drives, ...(this.#replica !== undefined && { replica: this.#replica }) }
    await this.#call({ method: 'POST', path: '/follow', json, maxBytes: maxJsonBytes }, signal)
    for (const drive of drives) this.#followed.add(drive)
  }

  /** From now on the node tells replicas of this secret of all drives that it follows for us, those of before included. @throws what `follow` throws. */
  async tellReplicas(secret: Octets, signal: AbortSignal): Promise<void> {
    this.#replica = toHex(secret)
    await this.follow([...this.#followed], signal)
  }

  async journal(drive: string, from: number, signal: AbortSignal): Promise<JournalPage> {
    // A node knows nothing of drives that nobody has named to it.
    if (!this.#followed.has(drive)) await this.follow([drive], signal)
    const path = `/drives/${drive}/journal?from=${from}`
    const answer = await this.#call({ method: 'GET', path, maxBytes: maxJournalBytes }, signal)
    const length = Number(answer.headers.get('Journal-Length') ?? Number.NaN)
    if (!Number.isSafeInteger(length) || length < 0) throw badAnswer()
    return { batches: batchesOf(answer.body), length }
  }

  async read(
    drive: string,
    object: string,
    part: Part,
    range: ByteRange | undefined,
    signal: AbortSignal,
  ): Promise<Octets> {
    const path = `/drives/${drive}/objects/${object}/${part}`
    const headers = range && { Range: `bytes=${range.start}-${range.end - 1}` }
    const answer = await this.#call(
      { method: 'GET', path, maxBytes: maxPartBytes, ...(headers && { headers }) },
      signal,
    )
    if (!range) return answer.body
    // A node may know no ranges: then it sends all.
    const bytes = answer.status === 206 ? answer.body : answer.body.slice(range.start, range.end)
    if (bytes.length !== range.end - range.start) throw missing()
    return bytes
  }

  async #call(call: Call, signal: AbortSignal): Promise<Answer> {
    return checked(await this.#send(call, signal))
  }

  /** The answer, whatever it says, of a node that answers. */
  async #send(call: Call, signal: AbortSignal): Promise<Answer> {
    return this.#retrying(
      async () => {
        const { token } = await this.#current()
        const answer = await this.#fetch(call, signal, token)
        if (answer.status !== 401) return answer
        // The node was started anew and has forgotten us.
        this.#session = undefined
        const renewed = await this.#current()
        return this.#fetch(call, signal, renewed.token)
      },
      signal,
      maxTries,
    )
  }

  async #retrying<Result>(run: () => Promise<Result>, signal: AbortSignal, tries: number): Promise<Result> {
    for (let pause = firstPauseMs, left = tries - 1; ; pause = Math.min(2 * pause, maxPauseMs), left--) {
      try {
        return await run()
      } catch (error) {
        signal.throwIfAborted()
        if (left === 0 || !(error instanceof TransportError) || error.code !== 'node-unreachable') throw error
        await this.#pause(pause, signal)
      }
    }
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stop()
        signal.removeEventListener('abort', done)
        resolve()
      }
      const stop = this.#ports.clock.after(ms, done)
      signal.addEventListener('abort', done)
    })
    signal.throwIfAborted()
  }

  async #current(): Promise<Session> {
    const held = this.#session
    if (held) {
      const session = await held.catch(() => undefined)
      if (session && this.#ports.clock.now() < session.endsAtMs) return session
      if (this.#session === held) this.#session = undefined
    }
    // Calls that come at once share one session.
    this.#session ??= this.#begin()
    return this.#session
  }

  /** Belongs to nobody's call alone, so nobody's signal ends it. */
  async #begin(): Promise<Session> {
    const { url, key, clock, random } = this.#ports
    const nowMs = clock.now()
    const body = await key.proof(new URL(url).host, nowMs, random.bytes(nonceBytes))
    const answer = await this.#fetch({ method: 'POST', path: '/session', body, maxBytes: maxJsonBytes })
    if (answer.status === 401 || answer.status === 403) {
      throw new TransportError('session-refused', 'the node does not let this key in')
    }
    if (answer.status === 404) throw new TransportError('no-data-room', 'the node keeps no files')
    const { token, expiresInMs, usedBytes, quotaBytes } = jsonOf(checked(answer))
    if (typeof token !== 'string' || typeof expiresInMs !== 'number') throw badAnswer()
    return {
      token,
      endsAtMs: nowMs + Math.max(minSessionMs, expiresInMs) - renewBeforeMs,
      usedBytes: typeof usedBytes === 'number' ? usedBytes : 0,
      quotaBytes: typeof quotaBytes === 'number' ? quotaBytes : 0,
    }
  }

  async #fetch(call: Call, signal?: AbortSignal, token?: string): Promise<Answer> {
    const { url, fetch: request } = this.#ports
    let response: Response
    let body: Octets
    try {
      response = await request(`${url}/data${call.path}`, {
        method: call.method,
        headers: {
          ...call.headers,
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
          'Content-Type': call.json === undefined ? 'application/octet-stream' : 'application/json',
        },
        ...(call.body ? { body: call.body } : call.json === undefined ? {} : { body: JSON.stringify(call.json) }),
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
        ...(signal && { signal }),
      })
      body = await bounded(response, call.maxBytes)
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof CodecError) throw error
      throw unreachable(error)
    }
    // A proxy in front of a node that is being started anew, or a node that has its hands full.
    if ([429, 502, 503, 504].includes(response.status)) throw unreachable()
    return { status: response.status, headers: response.headers, body }
  }
}

/** Reads at most so much: a node cannot fill our memory. */
async function bounded(response: Response, maxBytes: number): Promise<Octets> {
  const announced = Number(response.headers.get('Content-Length') ?? 0)
  if (announced > maxBytes) {
    await response.body?.cancel()
    throw badAnswer()
  }
  if (!response.body) return new Uint8Array(0)
  const parts: Uint8Array[] = []
  let length = 0
  const reader = response.body.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length
    if (length > maxBytes) {
      await reader.cancel()
      throw badAnswer()
    }
    parts.push(next.value)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** What a status means for whoever asked. The node's own word is passed on only where we know it. */
function checked(answer: Answer): Answer {
  const { status } = answer
  if (status >= 200 && status < 300) return answer
  if (status === 404 || status === 410 || status === 416) throw missing()
  const said = codeOf(answer)
  if (status === 413) throw new TransportError('quota-exceeded', 'the share of the node is used up')
  if (status === 507) {
    const code = said.startsWith('quota') ? 'quota-exceeded' : 'disk-full'
    throw new TransportError(code, 'the node has no space for it')
  }
  if (status === 401 || status === 403) throw new TransportError('session-refused', 'the node does not let this key in')
  if (said.startsWith('quota')) throw new TransportError('quota-exceeded', 'the share of the node is used up')
  throw new TransportError('node-refused', 'the node did not do what it was asked')
}

function codeOf(answer: Answer): string {
  try {
    const { code } = jsonOf(answer)
    return typeof code === 'string' ? code : ''
  } catch {
    return ''
  }
}

function jsonOf({ body }: Answer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body))
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // told below
  }
  throw badAnswer()
}

function batchesOf(bytes: Octets): Octets[] {
  const reader = new Reader(bytes)
  const batches: Octets[] = []
  while (reader.remaining > 0) batches.push(reader.bytes32(maxBatchBytes))
  return batches
}

function badAnswer(): CodecError {
  return new CodecError('bad-answer', 'the node answers in a form that it must not')
}
