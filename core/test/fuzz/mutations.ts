/** Numbers that can be written down: whoever has the seed gets the same inputs again. */
export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** 0 to `below` - 1 (mulberry32). */
  next(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }

  pick<T>(values: readonly T[]): T {
    const value = values[this.next(values.length)]
    if (value === undefined) throw new Error('nothing to pick from')
    return value
  }
}

type Bytes = Uint8Array<ArrayBuffer>
type Mutation = (input: Bytes, dice: Dice, pool: readonly Bytes[], words: readonly Bytes[]) => Bytes

/** Where fields of lengths and counts, clocks and codes go wrong. */
const interesting = [
  0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256, 512, 1023, 1024, 4095, 4096, 32767, 32768, 65535,
]
const interestingLong = [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff, 0x0020_0000, 0x001f_ffff]

const mutations: readonly Mutation[] = [
  // one bit
  (input, dice) => altered(input, dice.next(input.length), (value) => value ^ (1 << dice.next(8))),
  // one byte
  (input, dice) => altered(input, dice.next(input.length), () => dice.next(256)),
  (input, dice) => altered(input, dice.next(input.length), (value) => value + dice.pick([-1, 1, 16, -16])),
  // numbers
  (input, dice) => altered(input, dice.next(input.length), () => dice.pick(interesting) & 0xff),
  (input, dice) =>
    over(
      input,
      dice,
      [dice.pick(interesting)].flatMap((n) => [n >>> 8, n & 0xff]),
    ),
  (input, dice) =>
    over(
      input,
      dice,
      [dice.pick(interestingLong)].flatMap((n) => [n >>> 24, n >>> 16, n >>> 8, n]),
    ),
  // lengths: one more, one less
  (input, dice) => {
    const at = dice.next(input.length)
    const value = ((input[at] ?? 0) << 8) + (input[at + 1] ?? 0) + dice.pick([-1, 1])
    return altered(
      altered(input, at, () => value >>> 8),
      at + 1,
      () => value,
    )
  },
  // pieces
  (input, dice) => input.slice(0, dice.next(input.length)),
  (input, dice) => without(input, dice.next(input.length), 1 + dice.next(Math.min(input.length, 64))),
  (input, dice) => inserted(input, dice.next(input.length + 1), random(dice, 1 + dice.next(8))),
  (input, dice) => {
    const from = dice.next(input.length)
    return inserted(input, dice.next(input.length + 1), input.slice(from, from + 1 + dice.next(64)))
  },
  (input, dice, pool) => {
    const other = dice.pick(pool)
    return joined(input.slice(0, dice.next(input.length + 1)), other.slice(dice.next(other.length + 1)))
  },
  (input, dice, pool) => {
    const other = dice.pick(pool)
    const from = dice.next(other.length + 1)
    return inserted(input, dice.next(input.length + 1), other.slice(from, from + 1 + dice.next(128)))
  },
  // words of the format
  (input, dice, _, words) =>
    words.length === 0 ? input : inserted(input, dice.next(input.length + 1), dice.pick(words)),
  (input, dice, _, words) => (words.length === 0 ? input : over(input, dice, dice.pick(words))),
]

/** One to four changes to one of the pool. */
export function mutate(pool: readonly Bytes[], words: readonly Bytes[], dice: Dice, maxLength: number): Bytes {
  let input = dice.pick(pool)
  for (let count = 1 + dice.next(4); count > 0; count--) {
    input = input.length === 0 ? random(dice, 1 + dice.next(16)) : dice.pick(mutations)(input, dice, pool, words)
  }
  return input.slice(0, maxLength)
}

function altered(input: Bytes, at: number, change: (value: number) => number): Bytes {
  const copy = input.slice()
  if (at < copy.length) copy[at] = change(copy[at] ?? 0)
  return copy
}

function over(input: Bytes, dice: Dice, bytes: ArrayLike<number>): Bytes {
  const copy = input.slice()
  const at = dice.next(copy.length)
  for (let index = 0; index < bytes.length && at + index < copy.length; index++) copy[at + index] = bytes[index] ?? 0
  return copy
}

function inserted(input: Bytes, at: number, piece: Uint8Array): Bytes {
  return joined(input.slice(0, at), piece, input.slice(at))
}

function without(input: Bytes, at: number, length: number): Bytes {
  return joined(input.slice(0, at), input.slice(at + length))
}

function joined(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const one of parts) {
    whole.set(one, at)
    at += one.length
  }
  return whole
}

function random(dice: Dice, length: number): Bytes {
  return Uint8Array.from({ length }, () => dice.next(256))
}
