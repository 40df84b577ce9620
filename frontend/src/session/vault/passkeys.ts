import { Fault } from '../fault.ts'
import { toBase64url } from './codec.ts'

/** What an authenticator gives for one vault. The caller wipes `prfOutput`. */
export interface PasskeyAnswer {
  readonly credentialId: Uint8Array<ArrayBuffer>
  readonly prfSalt: Uint8Array<ArrayBuffer>
  readonly prfOutput: Uint8Array<ArrayBuffer>
}

/** A passkey that opens a vault already. */
export type KnownPasskey = Pick<PasskeyAnswer, 'credentialId' | 'prfSalt'>

/** Passkeys with the PRF extension (WebAuthn Level 3, section 10.1.4). */
export interface Passkeys {
  /** False where the browser surely has none. */
  offered(): Promise<boolean>
  /** Makes a new one. @throws {Fault} `passkey-cancelled`, `passkey-unsuitable`. */
  create(known: readonly KnownPasskey[]): Promise<PasskeyAnswer>
  /** Asks for one of these. @throws {Fault} `passkey-cancelled`, `passkey-unsuitable`. */
  ask(known: readonly KnownPasskey[]): Promise<PasskeyAnswer>
}

const saltBytes = 32
const timeoutMs = 120_000
const product = 'P2Pigeon'
/** COSE: EdDSA, ES256, RS256. Nothing is ever verified with the key: only what the PRF gives counts. */
const algorithms = [-8, -7, -257]

export function browserPasskeys(): Passkeys | undefined {
  if (typeof PublicKeyCredential === 'undefined') return undefined
  return { offered, create, ask }
}

async function offered(): Promise<boolean> {
  const has = await PublicKeyCredential.getClientCapabilities().catch(() => undefined)
  return has?.['extension:prf'] !== false
}

async function create(known: readonly KnownPasskey[]): Promise<PasskeyAnswer> {
  const prfSalt = random(saltBytes)
  const made = await credential(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: product },
        user: { id: random(16), name: product, displayName: product },
        challenge: random(32),
        pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: known.map(({ credentialId }) => ({ type: 'public-key', id: credentialId })),
        authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
        extensions: { prf: { eval: { first: prfSalt } } },
        timeout: timeoutMs,
      },
    }),
  )
  const credentialId = new Uint8Array(made.rawId)
  const prfOutput = outputOf(made)
  // Many authenticators answer only once the passkey exists.
  if (!prfOutput) return ask([{ credentialId, prfSalt }])
  return { credentialId, prfSalt, prfOutput }
}

async function ask(known: readonly KnownPasskey[]): Promise<PasskeyAnswer> {
  const found = await credential(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: random(32),
        allowCredentials: known.map(({ credentialId }) => ({ type: 'public-key', id: credentialId })),
        userVerification: 'required',
        extensions: {
          prf: {
            evalByCredential: Object.fromEntries(
              known.map((one) => [toBase64url(one.credentialId), { first: one.prfSalt }]),
            ),
          },
        },
        timeout: timeoutMs,
      },
    }),
  )
  const credentialId = new Uint8Array(found.rawId)
  const prfOutput = outputOf(found)
  const salted = known.find((one) => toBase64url(one.credentialId) === toBase64url(credentialId))
  if (!prfOutput || !salted) throw new Fault('passkey-unsuitable')
  return { credentialId, prfSalt: salted.prfSalt, prfOutput }
}

async function credential(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  const found = await ask().catch((cause: unknown) => {
    const isRefusal = cause instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(cause.name)
    throw new Fault(isRefusal ? 'passkey-cancelled' : 'passkey-unsuitable', { cause })
  })
  if (!(found instanceof PublicKeyCredential)) throw new Fault('passkey-unsuitable')
  return found
}

function outputOf(credential: PublicKeyCredential): Uint8Array<ArrayBuffer> | undefined {
  const first = credential.getClientExtensionResults().prf?.results?.first
  if (!first) return undefined
  return ArrayBuffer.isView(first)
    ? new Uint8Array(new Uint8Array(first.buffer, first.byteOffset, first.byteLength))
    : new Uint8Array(first)
}

function random(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length))
}
