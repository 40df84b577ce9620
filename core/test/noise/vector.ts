import { readFileSync } from 'node:fs'

/** One published vector, the dialects of the four files made one. Values are hex. */
export interface NoiseVector {
  readonly name: string
  readonly prefix: 'Noise' | 'NoisePSK'
  readonly pattern: string
  readonly suite: string
  readonly fallback: boolean
  readonly initiator: VectorParty
  readonly responder: VectorParty
  readonly handshakeHash: string | undefined
  readonly messages: readonly { readonly payload: string; readonly ciphertext: string }[]
}

export interface VectorParty {
  readonly prologue: string
  readonly static: string | undefined
  readonly ephemeral: string
  readonly remoteStatic: string | undefined
  readonly psks: readonly string[]
}

type Raw = Record<string, unknown>

export const vectorFiles = ['cacophony-25519', 'snow-25519', 'noise-c-basic-25519', 'noise-c-fallback-25519'] as const

export function readVectors(file: (typeof vectorFiles)[number]): NoiseVector[] {
  const text = readFileSync(new URL(`../vectors/noise/${file}.json`, import.meta.url), 'utf8')
  return (JSON.parse(text) as { vectors: Raw[] }).vectors.map(toVector)
}

function toVector(raw: Raw): NoiseVector {
  const name = (raw['protocol_name'] ?? raw['name']) as string
  const [prefix, pattern, ...suite] = name.split('_')
  return {
    name,
    prefix: prefix as NoiseVector['prefix'],
    pattern: pattern ?? '',
    suite: suite.join('_'),
    fallback: raw['fallback'] === true,
    initiator: toParty(raw, 'init'),
    responder: toParty(raw, 'resp'),
    handshakeHash: raw['handshake_hash'] as string | undefined,
    messages: raw['messages'] as NoiseVector['messages'],
  }
}

function toParty(raw: Raw, side: 'init' | 'resp'): VectorParty {
  const single = raw[`${side}_psk`] as string | undefined
  return {
    prologue: (raw[`${side}_prologue`] as string | undefined) ?? '',
    static: raw[`${side}_static`] as string | undefined,
    ephemeral: (raw[`${side}_ephemeral`] as string | undefined) ?? '',
    remoteStatic: raw[`${side}_remote_static`] as string | undefined,
    psks: (raw[`${side}_psks`] as string[] | undefined) ?? (single === undefined ? [] : [single]),
  }
}
