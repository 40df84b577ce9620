import { toHex } from '../../bytes/index.ts'
import { Reader } from '../../codec/index.ts'
import { PigeonError, TransportError } from '../../errors/index.ts'
import type { Random } from '../../runtime/index.ts'
import { badAnswer, callNode, checked, jsonOf, type Answer, type Call, type CallPorts } from './node-calls.ts'
import type { SessionKey } from './session-key.ts'
import {
  missing,
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
/** Drives in one call: half of what a node takes. */
const maxFollowedAtOnce = 512
const driveForm = /^[0-9a-f]{64}$/

export interface NodePorts extends CallPorts {
  readonly key: SessionKey
  readonly random: Random
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
    let failure: PigeonError | undefined
    for (let at = 0; at < drives.length; at += maxFollowedAtOnce) {
      const some = drives.slice(at, at + maxFollowedAtOnce)
      const json = { drives: some, ...(this.#replica !== undefined && { replica: this.#replica }) }
      try {
        await this.#call({ method: 'POST', path: '/follow', json, maxBytes: maxJsonBytes }, signal)
        for (const drive of some) this.#followed.add(drive)
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof PigeonError)) throw error
        // One drive for which it has no place says nothing of the others.
        failure ??= error
      }
    }
    if (failure) throw failure
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
    const answer = await this.#send({ method: 'GET', path, maxBytes: maxJournalBytes }, signal)
    // It was started anew without its store, or another drive has taken the place: it is named again when it is read next.
    if (answer.status === 404) this.#followed.delete(drive)
    checked(answer)
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
        const answer = await callNode(this.#ports, call, signal, token)
        if (answer.status !== 401) return answer
        // The node was started anew and has forgotten us.
        this.#session = undefined
        const renewed = await this.#current()
        return callNode(this.#ports, call, signal, renewed.token)
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
    const answer = await callNode(this.#ports, { method: 'POST', path: '/session', body, maxBytes: maxJsonBytes })
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
}

function batchesOf(bytes: Octets): Octets[] {
  const reader = new Reader(bytes)
  const batches: Octets[] = []
  while (reader.remaining > 0) batches.push(reader.bytes32(maxBatchBytes))
  return batches
}
