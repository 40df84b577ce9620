import type { Coverage } from './coverage.ts'
import { Dice, mutate } from './mutations.ts'
import type { Target } from './target.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Inputs between two looks at the coverage, each of which costs as much as hundreds of inputs. */
const batchSize = 256

export interface Outcome {
  readonly runs: number
  readonly taken: number
  /** Inputs that reached something new. */
  readonly found: readonly Bytes[]
}

/**
 * Tries `known` inputs, then mutations of them for `ms` milliseconds. What reaches code that nothing before it reached is kept and mutated further.
 * @throws {Error} with the input in hexadecimal, when the target does not keep a promise.
 */
export async function fuzz(
  target: Target,
  known: readonly Bytes[],
  coverage: Coverage,
  { ms, seed }: { readonly ms: number; readonly seed: number },
): Promise<Outcome> {
  const dice = new Dice(seed)
  const pool: Bytes[] = [...known]
  const found: Bytes[] = []
  let [runs, taken] = [0, 0]
  const run = async (input: Bytes): Promise<void> => {
    runs++
    try {
      if ((await target.check(input.slice())) === 'taken') taken++
    } catch (cause) {
      const hex = Buffer.from(input).toString('hex')
      throw new Error(`${target.name} breaks a promise (seed ${seed}): ${hex}`, { cause })
    }
  }
  coverage.reset()
  for (const input of known) await run(input)
  coverage.gained()
  const end = performance.now() + ms
  while (performance.now() < end) {
    const batch = Array.from({ length: batchSize }, () => mutate(pool, target.words, dice, target.maxLength))
    for (const input of batch) await run(input)
    if (coverage.gained() === 0) continue
    for (const input of await responsible(batch, run, coverage)) {
      pool.push(input)
      found.push(input)
    }
  }
  return { runs, taken, found }
}

/** Those of a batch that ran what is new, found by halving it. Begins with a batch that is known to hold some. */
async function responsible(
  batch: readonly Bytes[],
  run: (input: Bytes) => Promise<void>,
  coverage: Coverage,
): Promise<readonly Bytes[]> {
  if (batch.length === 1) return batch
  coverage.undo()
  const half = Math.ceil(batch.length / 2)
  const found: Bytes[] = []
  for (const part of [batch.slice(0, half), batch.slice(half)]) {
    for (const input of part) await run(input)
    if (coverage.gained() > 0) found.push(...(await responsible(part, run, coverage)))
  }
  return found
}
