import { concat, equal, utf8 } from '../bytes/index.ts'
import { Reader, Writer } from '../codec/index.ts'
import { TransportError, UsageError } from '../errors/index.ts'
import { peerIdOf } from '../identity/index.ts'
import type { CarrierStream } from '../signalling/index.ts'
import { HandshakeAttempt, handshakeFailed } from './handshake-attempt.ts'
import { decodePayload, encodePayload, signBinding, verifyBinding, type HandshakePayload } from './handshake-payload.ts'
import { maxHelloBytes, standardLimits, type TransportLimits } from './limits.ts'
import {
  choose,
  decodeCapabilities,
  encodeCapabilities,
  isOffered,
  maxCapabilitiesBytes,
  ourCapabilities,
  prologueOf,
  type Choice,
} from './negotiation.ts'
import { extractSecret, HandshakeState, webKeyPair, webSuite, XXpsk3, type DhKeyPair } from './noise/index.ts'
import type { ChannelContext, ChannelRole, RemoteParty, SecureChannel, Verdict } from './secure-channel.ts'
import { signProof, type Session } from './transport/index.ts'

const empty = new Uint8Array(0)

/** Everything of a handshake that can be done before anybody is found: good for one `initiate`. */
export interface Opening {
  readonly offer: Uint8Array<ArrayBuffer>
  readonly handshake: HandshakeState
  readonly s: DhKeyPair
  /** Noise message 1. */
  readonly first: Uint8Array<ArrayBuffer>
}

/** Prepares to be the initiator of one handshake. Dropping it unused costs nothing. */
export async function prepareOpening(parties: Pick<ChannelContext, 'keys' | 'identity'>): Promise<Opening> {
  const offer = encodeCapabilities(ourCapabilities)
  const [handshake, s] = await begin(parties, 'initiator', offer, ourCapabilities.highestVersion)
  return { offer, handshake, s, first: await handshake.writeMessage(empty) }
}

/**
 * Makes a stream that we dialled a secure channel. Resolves as soon as the last handshake message is on its way, so that
 * the caller's first messages travel right behind it: they can be read by nobody but the other end. Nothing that comes
 * back is delivered before that end's proof has been verified; wait for `proven` before acting on its identity.
 *
 * Every failure closes the stream without a word.
 * @throws {AuthenticationError} `handshake-failed` if the other end lacks the room secret, is not who it says, is
 *   ourselves, or does not speak this protocol.
 * @throws {TransportError} `handshake-stopped` if `judge` said so, `handshake-lost`, `handshake-timeout` (10 s).
 * @throws {UsageError} `hello-size`; the signal's reason when aborted.
 * @param opening of `prepareOpening` with the same room and identity, never used before.
 */
export async function initiate(
  stream: CarrierStream,
  context: ChannelContext,
  opening: Promise<Opening> = prepareOpening(context),
  limits: TransportLimits = standardLimits,
): Promise<SecureChannel> {
  const attempt = new HandshakeAttempt(stream, context, 'initiator')
  return attempt.run(async () => {
    const { offer, handshake, s, first } = await opening
    await attempt.write(new Writer().bytes16(offer).fixed(first).finish())
    const binding = signEarly(context, s)

    const answer = decodePayload(await handshake.readMessage(await attempt.read()))
    if (!isOffered(answer.choice, ourCapabilities)) throw handshakeFailed()
    // Message 3 is written while message 2 is being judged, and leaves only if it was judged good.
    const [remote, third] = await Promise.all([
      judged(context, attempt, 'initiator', handshake, answer),
      ourPayload(context, answer.choice, binding).then((payload) => handshake.writeMessage(encodePayload(payload))),
    ])
    if (remote.verdict.kind === 'stop') throw stopped()
    const sent = attempt.write(third)
    // The channel takes the failure over; it does not exist yet.
    sent.catch(() => undefined)
    return attempt.open(await finish(context, 'initiator', handshake, remote.party, limits), sent, limits)
  })
}

/**
 * Makes a stream that came in a secure channel. Resolves when the other end has proven the room secret and its identity.
 * If `judge` stops it, the other end is told the reason inside the channel; every other failure closes without a word.
 * @throws As `initiate`.
 */
export async function respond(
  stream: CarrierStream,
  context: ChannelContext,
  limits: TransportLimits = standardLimits,
): Promise<SecureChannel> {
  const attempt = new HandshakeAttempt(stream, context, 'responder')
  return attempt.run(async () => {
    const reader = new Reader(await attempt.read())
    const offer = reader.bytes16(maxCapabilitiesBytes)
    const capabilities = decodeCapabilities(offer)
    const choice = choose(capabilities)
    if (choice === undefined) throw handshakeFailed()
    const [handshake, s] = await begin(context, 'responder', offer, capabilities.highestVersion)
    const surplus = await handshake.readMessage(reader.fixed(reader.remaining))
    if (surplus.length > 0) throw handshakeFailed()
    const payload = await ourPayload(context, choice, signEarly(context, s))
    const sent = attempt.write(await handshake.writeMessage(encodePayload(payload)))
    await sent

    const answer = decodePayload(await handshake.readMessage(await attempt.read()))
    if (!isEcho(answer.choice, choice)) throw handshakeFailed()
    const { party, verdict } = await judged(context, attempt, 'responder', handshake, answer)
    const channel = await attempt.open(await finish(context, 'responder', handshake, party, limits), sent, limits)
    if (verdict.kind === 'stop') {
      channel.close(verdict.reason)
      throw stopped()
    }
    await channel.proven
    return channel
  })
}

async function begin(
  { keys, identity }: Pick<ChannelContext, 'keys' | 'identity'>,
  role: ChannelRole,
  offer: Uint8Array,
  highestVersion: number,
): Promise<[HandshakeState, DhKeyPair]> {
  const [prologue, s] = await Promise.all([prologueOf(keys, offer, highestVersion), webKeyPair(identity.noiseStatic)])
  const options = { suite: webSuite, pattern: XXpsk3, role, prologue, s, psks: [keys.psk] }
  return [await HandshakeState.initialize(options), s]
}

/** Starts our binding signature while the network or other sums are being waited for. */
function signEarly({ identity, keys }: ChannelContext, s: DhKeyPair): Promise<Uint8Array<ArrayBuffer>> {
  const binding = signBinding(identity, s.publicKey, keys.roomId)
  binding.catch(() => undefined)
  return binding
}

async function ourPayload(
  context: ChannelContext,
  choice: Choice,
  binding: Promise<Uint8Array<ArrayBuffer>>,
): Promise<HandshakePayload> {
  const payload = { choice, publicKey: context.identity.publicKey, binding: await binding, hello: context.hello() }
  if (payload.hello.length > maxHelloBytes) throw new UsageError('hello-size', 'a hello has at most 4,096 bytes')
  return payload
}

/** The other end, verified, and what the room says to it. */
async function judged(
  context: ChannelContext,
  attempt: HandshakeAttempt,
  role: ChannelRole,
  handshake: HandshakeState,
  payload: HandshakePayload,
): Promise<{ party: RemoteParty; verdict: Verdict }> {
  const party = await verifyRemote(context, handshake, payload)
  attempt.checkWanted()
  const verdict = await context.judge(party, role)
  attempt.checkWanted()
  return { party, verdict }
}

/** Who the other end says it is, if the key it says so with has bound the static key that Noise has proven, and is not ours. */
async function verifyRemote(
  { identity, keys }: ChannelContext,
  handshake: HandshakeState,
  payload: HandshakePayload,
): Promise<RemoteParty> {
  const { publicKey, hello } = payload
  const noiseStatic = handshake.remoteStatic ?? empty
  if (equal(publicKey, identity.publicKey)) throw handshakeFailed()
  if (!(await verifyBinding(payload, noiseStatic, keys.roomId))) throw handshakeFailed()
  return { peerId: peerIdOf(publicKey), publicKey, hello }
}

async function finish(
  { identity }: ChannelContext,
  role: ChannelRole,
  handshake: HandshakeState,
  remote: RemoteParty,
  { nonceLimit }: TransportLimits,
): Promise<Session> {
  const handshakeHash = handshake.handshakeHash()
  // Split() takes HMAC(ck, "") from the chaining key; this takes HMAC(ck, something else), so neither tells of the other.
  const exporterInput = concat(utf8('p2pigeon/v1/exporter'), handshakeHash)
  const proof = signProof(identity, handshakeHash, role)
  // It fails for whoever sends it.
  proof.catch(() => undefined)
  const { send, receive, derived } = await handshake.split(nonceLimit, (chainingKey) =>
    extractSecret(chainingKey, exporterInput),
  )
  return { role, remote, handshakeHash, send, receive, exporterSecret: derived, proof }
}

function isEcho(a: Choice, b: Choice): boolean {
  return a.version === b.version && a.suite === b.suite
}

function stopped(): TransportError {
  return new TransportError('handshake-stopped', 'our side decided not to go on')
}
