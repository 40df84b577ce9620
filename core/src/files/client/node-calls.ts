import { CodecError, TransportError } from '../../errors/index.ts'
import type { Clock } from '../../runtime/index.ts'
import { missing, unreachable, type Octets } from './source.ts'

/** A node waits for others half a minute before it says that nobody has something; then there is an answer, or more of one, or nobody there. */
const answerMs = 45_000
/** And for a body to be whole two minutes. */
const bodyMs = 120_000

export interface CallPorts {
  /** Address of the node without a path. */
  readonly url: string
  readonly clock: Clock
  readonly fetch: typeof fetch
}

export interface Call {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: Octets
  readonly json?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly maxBytes: number
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Octets
}

/**
 * Asks the node once.
 * @throws {TransportError} `node-unreachable` where it does not answer in time, or is not ready; `object-missing` where it says that nobody has it;
 * {CodecError} `bad-answer`; what `signal` says.
 */
export async function callNode(
  { url, clock, fetch: request }: CallPorts,
  call: Call,
  signal?: AbortSignal,
  token?: string,
): Promise<Answer> {
  const late = new AbortController()
  const end = (): void => late.abort()
  let stop = clock.after(call.body ? bodyMs + answerMs : answerMs, end)
  const moved = (): void => {
    stop()
    stop = clock.after(answerMs, end)
  }
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
      signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
    })
    body = await bounded(response, call.maxBytes, moved)
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof CodecError) throw error
    throw unreachable(error)
  } finally {
    stop()
  }
  const answer = { status: response.status, headers: response.headers, body }
  // The node is there, and nobody has it, or not whole.
  if ([502, 504].includes(answer.status) && ['unavailable', 'damaged'].includes(codeOf(answer))) throw missing()
  // A proxy in front of a node that is being started anew, or a node that has its hands full.
  if ([429, 502, 503, 504].includes(response.status)) throw unreachable()
  return answer
}

/** Reads at most so much: a node cannot fill our memory. `moved` is called for everything that comes. */
async function bounded(response: Response, maxBytes: number, moved: () => void): Promise<Octets> {
  const announced = Number(response.headers.get('Content-Length') ?? 0)
  if (announced > maxBytes) {
    await response.body?.cancel()
    throw badAnswer()
  }
  if (!response.body) return new Uint8Array(0)
  moved()
  const parts: Uint8Array[] = []
  let length = 0
  const reader = response.body.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length
    if (length > maxBytes) {
      await reader.cancel()
      throw badAnswer()
    }
    moved()
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
export function checked(answer: Answer): Answer {
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

/** @throws {CodecError} `bad-answer`. */
export function jsonOf({ body }: Answer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body))
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // told below
  }
  throw badAnswer()
}

export function badAnswer(): CodecError {
  return new CodecError('bad-answer', 'the node answers in a form that it must not')
}
