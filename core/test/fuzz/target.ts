import { isDeepStrictEqual } from 'node:util'
import { CodecError, type PigeonError } from '../../src/errors/index.ts'

type Bytes = Uint8Array<ArrayBuffer>
/** `PigeonError` is abstract, so this is the shape of its children. */
type Refusal = abstract new (...arguments_: never[]) => PigeonError

/** A decoder that foreign bytes reach, and what it promises of them. */
export interface Spec<Value> {
  /** Names the corpus folder. */
  readonly name: string
  /** Inputs to begin with: all forms of the format, whole and genuine. */
  readonly seeds: () => readonly Uint8Array[] | Promise<readonly Uint8Array[]>
  readonly decode: (input: Bytes) => Value | Promise<Value>
  /** Back again. With `form: 'one'` to the same bytes, with `form: 'clean'` to bytes that stay the same from then on. */
  readonly encode?: (value: Value) => Uint8Array | Promise<Uint8Array>
  readonly form?: 'one' | 'clean'
  /** What it may throw; `CodecError` if left out. */
  readonly refuses?: readonly Refusal[]
  /** Pieces of the format that chance does not find. */
  readonly words?: readonly (string | Uint8Array)[]
  readonly maxLength?: number
}

export interface Target {
  readonly name: string
  readonly seeds: () => Promise<readonly Bytes[]>
  readonly words: readonly Bytes[]
  readonly maxLength: number
  /** Resolves if the decoder kept its promises, whether it took the input or not. */
  check(input: Bytes): Promise<'taken' | 'refused'>
}

/** Generous: no input of a few kilobytes takes a hundredth of it, and a machine may be busy. */
const maxMs = 1_000
/** What comes out, measured in bytes, for what went in: a decoder does not make much of little. */
const maxGrowth = 16
const spareBytes = 65_536

export function target<Value>(spec: Spec<Value>): Target {
  const { name, seeds, decode, encode, form = 'one', refuses = [CodecError], words = [], maxLength = 4_096 } = spec
  const attempt = async (input: Bytes): Promise<{ readonly value: Value } | undefined> => {
    try {
      return { value: await decode(input) }
    } catch (error) {
      if (refuses.some((refusal) => error instanceof refusal)) return undefined
      throw new Error('throws what it does not promise', { cause: error })
    }
  }
  return {
    name,
    maxLength,
    words: words.map((one) => bytesOf(one)),
    seeds: async () => (await seeds()).map((one) => new Uint8Array(one)),
    check: async (input) => {
      const before = input.slice()
      const started = performance.now()
      const taken = await attempt(input)
      // Once may be the machine; twice is the input.
      if (performance.now() - started > maxMs) await onTime(() => attempt(input))
      if (!isDeepStrictEqual(input, before)) throw new Error('changes its input')
      if (taken === undefined) return 'refused'
      if (weightOf(taken.value) > maxGrowth * input.length + spareBytes) throw new Error('makes too much of its input')
      if (encode === undefined) return 'taken'
      const written = new Uint8Array(await encode(taken.value))
      if (form === 'one' && !isDeepStrictEqual(written, input)) throw new Error('takes two forms of one value')
      const again = await attempt(written)
      if (again === undefined) throw new Error('refuses what it took, written anew')
      if (!isDeepStrictEqual(new Uint8Array(await encode(again.value)), written)) throw new Error('does not settle')
      return 'taken'
    },
  }
}

/** For decoders of text. */
export function textOf(input: Uint8Array): string {
  return new TextDecoder().decode(input)
}

export function bytesOf(one: string | Uint8Array): Bytes {
  return new Uint8Array(typeof one === 'string' ? new TextEncoder().encode(one) : one)
}

async function onTime(run: () => Promise<unknown>): Promise<void> {
  const started = performance.now()
  await run()
  if (performance.now() - started > maxMs) throw new Error('takes too long')
}

function weightOf(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length
  if (value instanceof Uint8Array) return value.buffer.byteLength
  if (value instanceof Map) return [...(value as Map<unknown, unknown>)].reduce((sum, pair) => sum + weightOf(pair), 8)
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + weightOf(one), 8)
  if (typeof value === 'object' && value !== null) {
    return Object.values(value).reduce<number>((sum, one) => sum + weightOf(one), 8)
  }
  return 8
}
