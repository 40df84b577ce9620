import { concat } from '../../bytes/index.ts'
import { AuthenticationError, CodecError, UsageError } from '../../errors/index.ts'
import type { CipherState } from './cipher-state.ts'
import type { HandshakePattern, Token } from './pattern.ts'
import { maxNoiseMessageBytes, tagBytes, type DhKeyPair, type NoiseSuite } from './primitives.ts'
import { SymmetricState } from './symmetric-state.ts'

export interface HandshakeOptions {
  readonly suite: NoiseSuite
  readonly pattern: HandshakePattern
  readonly role: 'initiator' | 'responder'
  readonly prologue: Uint8Array
  /** Our static pair: `s`. */
  readonly s?: DhKeyPair
  /** Our ephemeral pair, where a pre-message of the pattern names it: `e`. */
  readonly e?: DhKeyPair
  /** The other end's static key, where a pre-message names it: `rs`. */
  readonly rs?: Uint8Array<ArrayBuffer>
  /** The other end's ephemeral key, where a pre-message names it: `re`. */
  readonly re?: Uint8Array<ArrayBuffer>
  /** One key of 32 bytes for each `psk` token, in their order. */
  readonly psks?: readonly Uint8Array[]
}

export interface Split<T> {
  readonly send: CipherState
  readonly receive: CipherState
  readonly derived: T
}

/**
 * State of a handshake: | state  | input                     | next                      |
 *                       | ready  | write or read, our turn   | busy                      |
 *                       | busy   | it succeeds               | ready, or done at the end |
 *                       | busy   | it fails                  | failed                    |
 *                       | done   | split                     | spent                     |
 * Anything else is a UsageError and changes nothing.
 */
type State = 'ready' | 'busy' | 'done' | 'failed' | 'spent'

/**
 * One handshake (Noise section 5.3): who writes and reads which message when, and what it must hold.
 * Pure: no network, no clock; randomness comes from the suite. After any failure the object is unusable.
 */
export class HandshakeState {
  readonly #options: HandshakeOptions
  readonly #symmetric: SymmetricState
  readonly #psks: Uint8Array[]
  #state: State = 'ready'
  #next = 0
  #e: DhKeyPair | undefined
  #rs: Uint8Array<ArrayBuffer> | undefined
  #re: Uint8Array<ArrayBuffer> | undefined
  readonly #shared = new Map<'ee' | 'es' | 'se' | 'ss', Promise<Uint8Array<ArrayBuffer>>>()

  private constructor(options: HandshakeOptions, symmetric: SymmetricState) {
    this.#options = options
    this.#symmetric = symmetric
    this.#psks = [...(options.psks ?? [])]
    this.#e = options.e
    this.#rs = options.rs
    this.#re = options.re
  }

  /**
   * Initialize(handshake_pattern, initiator, prologue, s, e, rs, re).
   * `symmetric` is one that InitializeSymmetric and the prologue went into already; the standard one if left out.
   * @throws {UsageError} `handshake-key` if the pattern needs a key that is missing.
   */
  static async initialize(options: HandshakeOptions, symmetric?: SymmetricState): Promise<HandshakeState> {
    const handshake = new HandshakeState(options, symmetric ?? (await startSymmetric(options)))
    const ours = options.role
    const theirs = ours === 'initiator' ? 'responder' : 'initiator'
    for (const owner of ['initiator', 'responder'] as const) {
      for (const token of options.pattern.preMessages[owner]) {
        const pair = token === 'e' ? options.e : options.s
        const remote = token === 'e' ? options.re : options.rs
        const key = need(owner === theirs ? remote : pair?.publicKey)
        await handshake.#symmetric.mixHash(key)
        if (token === 'e' && options.pattern.mixesEphemerals) await handshake.#symmetric.mixKey(key)
      }
    }
    return handshake
  }

  /** The other end's static key once it is known. Proven only when a message after it has been read. */
  get remoteStatic(): Uint8Array<ArrayBuffer> | undefined {
    return this.#rs
  }

  get finished(): boolean {
    return this.#state === 'done' || this.#state === 'spent'
  }

  /**
   * WriteMessage(payload).
   * @throws {UsageError} `handshake-order` if it is not our turn or the handshake is over, failed or busy.
   * @throws {UsageError} `handshake-size` if the message would exceed 65,535 bytes.
   */
  async writeMessage(payload: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    return this.#step('write', async (tokens) => {
      const parts: Uint8Array[] = []
      for (const token of tokens) {
        if (token === 'e') {
          this.#e = await this.#options.suite.generateKeyPair()
          parts.push(this.#e.publicKey)
          await this.#mixEphemeral(this.#e.publicKey)
        } else if (token === 's') {
          parts.push(await this.#symmetric.encryptAndHash(need(this.#options.s).publicKey))
        } else {
          await this.#mix(token)
        }
      }
      parts.push(await this.#symmetric.encryptAndHash(payload))
      const message = concat(...parts)
      if (message.length > maxNoiseMessageBytes) throw new UsageError('handshake-size', 'handshake message too large')
      return message
    })
  }

  /**
   * ReadMessage(message): the payload.
   * @throws {AuthenticationError} `handshake-failed` if the message is not what the other end must send now; which check
   *   failed is not said.
   * @throws {UsageError} `handshake-order` as in `writeMessage`.
   */
  async readMessage(message: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    return this.#step('read', async (tokens) => {
      try {
        return await this.#read(tokens, message)
      } catch (error) {
        if (error instanceof AuthenticationError || error instanceof CodecError) throw failed()
        throw error
      }
    })
  }

  /** GetHandshakeHash(): meaningful when the handshake is finished. */
  handshakeHash(): Uint8Array<ArrayBuffer> {
    return this.#symmetric.handshakeHash()
  }

  /**
   * Split(), once, at the end. `derive` gets the final chaining key for one more secret; see `SymmetricState.split`.
   * @throws {UsageError} `handshake-order`
   */
  async split<T>(nonceLimit: bigint, derive: (chainingKey: Uint8Array) => T): Promise<Split<T>> {
    if (this.#state !== 'done') throw outOfOrder()
    this.#state = 'spent'
    const { fromInitiator, fromResponder, derived } = await this.#symmetric.split(nonceLimit, derive)
    return this.#options.role === 'initiator'
      ? { send: fromInitiator, receive: fromResponder, derived }
      : { send: fromResponder, receive: fromInitiator, derived }
  }

  async #step<T>(action: 'write' | 'read', run: (tokens: readonly Token[]) => Promise<T>): Promise<T> {
    const { messages } = this.#options.pattern
    const tokens = messages[this.#next]
    const writer = this.#next % 2 === 0 ? 'initiator' : 'responder'
    const ourTurn = (action === 'write') === (writer === this.#options.role)
    if (this.#state !== 'ready' || tokens === undefined || !ourTurn) throw outOfOrder()
    this.#state = 'busy'
    try {
      const result = await run(tokens)
      this.#next++
      this.#state = this.#next === messages.length ? 'done' : 'ready'
      return result
    } catch (error) {
      this.#state = 'failed'
      throw error
    }
  }

  async #read(tokens: readonly Token[], message: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    if (message.length > maxNoiseMessageBytes) throw failed()
    let offset = 0
    const take = (length: number): Uint8Array<ArrayBuffer> => {
      if (offset + length > message.length) throw failed()
      const part = new Uint8Array(message.subarray(offset, offset + length))
      offset += length
      return part
    }
    const { dhBytes } = this.#options.suite
    for (const token of tokens) {
      if (token === 'e') {
        this.#re = take(dhBytes)
        this.#begin('e')
        await this.#mixEphemeral(this.#re)
      } else if (token === 's') {
        this.#rs = await this.#symmetric.decryptAndHash(take(dhBytes + (this.#symmetric.hasKey ? tagBytes : 0)))
        this.#begin('s')
      } else {
        await this.#mix(token)
      }
    }
    return this.#symmetric.decryptAndHash(message.subarray(offset))
  }

  async #mixEphemeral(publicKey: Uint8Array): Promise<void> {
    await this.#symmetric.mixHash(publicKey)
    if (this.#options.pattern.mixesEphemerals) await this.#symmetric.mixKey(publicKey)
  }

  /** `es` is the initiator's ephemeral with the responder's static key, whoever computes it; `se` the other way round. */
  async #mix(token: 'ee' | 'es' | 'se' | 'ss' | 'psk'): Promise<void> {
    if (token === 'psk') {
      await this.#symmetric.mixKeyAndHash(need(this.#psks.shift()))
      return
    }
    const [first, second] = token
    const [local, remote] = this.#options.role === 'initiator' ? [first, second] : [second, first]
    const shared = await this.#dh(local === 'e' ? 'e' : 's', remote === 'e' ? 'e' : 's')
    await this.#symmetric.mixKey(shared)
    shared.fill(0)
  }

  /** Begins what the pattern will want of a key of the other end that is just known, with the keys that we have by now. */
  #begin(remote: 'e' | 's'): void {
    const wanted = new Set(this.#options.pattern.messages.flat())
    for (const local of ['e', 's'] as const) {
      const token = this.#options.role === 'initiator' ? (`${local}${remote}` as const) : (`${remote}${local}` as const)
      const pair = local === 'e' ? this.#e : this.#options.s
      if (pair !== undefined && wanted.has(token)) void this.#dh(local, remote)
    }
  }

  /**
   * DH(local, remote), begun by whoever asks first: what the next message needs can be computed while this one is read
   * or on its way.
   */
  #dh(local: 'e' | 's', remote: 'e' | 's'): Promise<Uint8Array<ArrayBuffer>> {
    const name = `${local}${remote}` as const
    const known = this.#shared.get(name)
    if (known !== undefined) return known
    const pair = need(local === 'e' ? this.#e : this.#options.s)
    const shared = pair.dh(need(remote === 'e' ? this.#re : this.#rs))
    // It fails for whoever mixes it.
    shared.catch(() => undefined)
    this.#shared.set(name, shared)
    return shared
  }
}

async function startSymmetric({ suite, pattern, prologue }: HandshakeOptions): Promise<SymmetricState> {
  const symmetric = await SymmetricState.initialize(suite, `Noise_${pattern.name}_${suite.name}`)
  await symmetric.mixHash(prologue)
  return symmetric
}

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new UsageError('handshake-key', 'the pattern needs a key that was not given')
  return value
}

function outOfOrder(): UsageError {
  return new UsageError('handshake-order', 'this handshake cannot take that step now')
}

function failed(): AuthenticationError {
  return new AuthenticationError('handshake-failed', 'the handshake message does not hold')
}
