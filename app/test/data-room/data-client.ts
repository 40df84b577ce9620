import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
  /** Of an answer in JSON. */
  json(): unknown
}

export interface Proof {
  readonly host?: string
  readonly ms?: number
  readonly nonce?: Buffer
}

/** One key that speaks to one node, by the words of docs/protocol/files.md and with no code of ours. */
export class DataClient {
  readonly #privateKey: KeyObject
  readonly key: Buffer
  #port: number
  #token = ''

  constructor(port: number) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    this.#privateKey = privateKey
    this.key = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
    this.#port = port
  }

  /** The same key at a node that has started again, or at another one. */
  async moveTo(port: number): Promise<void> {
    this.#port = port
    await this.begin()
  }

  proof({ host = `127.0.0.1:${String(this.#port)}`, ms = Date.now(), nonce = randomBytes(16) }: Proof = {}): Buffer {
    const time = Buffer.alloc(8)
    time.writeBigUInt64BE(BigInt(ms))
    const hostLength = Buffer.alloc(2)
    hostLength.writeUInt16BE(Buffer.byteLength(host))
    const said = Buffer.concat([Buffer.from('p2pigeon/v1/data-session'), hostLength, Buffer.from(host), time, nonce])
    return Buffer.concat([this.key, time, nonce, sign(null, said, this.#privateKey)])
  }

  async begin(): Promise<{ readonly token: string; readonly quotaBytes: number; readonly usedBytes: number }> {
    const answer = await this.call('POST', '/data/session', this.proof())
    if (answer.status !== 200) throw new Error(`no session: ${answer.body.toString()}`)
    const session = answer.json() as { token: string; quotaBytes: number; usedBytes: number }
    this.#token = session.token
    return session
  }

  async call(method: string, path: string, body?: Buffer, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${String(this.#port)}${path}`, {
      method,
      headers: { ...(this.#token === '' ? {} : { Authorization: `Bearer ${this.#token}` }), ...headers },
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    })
    const whole = Buffer.from(await response.arrayBuffer())
    return {
      status: response.status,
      headers: response.headers,
      body: whole,
      json: () => JSON.parse(whole.toString()) as unknown,
    }
  }

  async newDrive(): Promise<string> {
    const answer = await this.call('POST', '/data/drives')
    if (answer.status !== 201) throw new Error(`no drive: ${answer.body.toString()}`)
    return (answer.json() as { drive: string }).drive
  }

  put(drive: string, object: string, name: number | 'hashes', body: Buffer): Promise<Answer> {
    return this.call('PUT', `/data/drives/${drive}/objects/${object}/${String(name)}`, body)
  }

  get(drive: string, object: string, name: number | 'hashes', headers: Record<string, string> = {}): Promise<Answer> {
    return this.call('GET', `/data/drives/${drive}/objects/${object}/${String(name)}`, undefined, headers)
  }

  append(drive: string, n: number, body: Buffer): Promise<Answer> {
    return this.call('PUT', `/data/drives/${drive}/journal/${String(n)}`, body)
  }

  async journal(drive: string, from = 0): Promise<Buffer[]> {
    const { status, body } = await this.call('GET', `/data/drives/${drive}/journal?from=${String(from)}`)
    if (status !== 200) throw new Error(`no journal: ${body.toString()}`)
    const batches: Buffer[] = []
    for (let at = 0; at < body.length;) {
      const length = body.readUInt32BE(at)
      batches.push(body.subarray(at + 4, at + 4 + length))
      at += 4 + length
    }
    return batches
  }
}

export const newObject = (): string => randomBytes(16).toString('hex')
