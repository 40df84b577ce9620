import { afterAll, describe, expect, it } from 'vitest'
import { addToCorpus, readCorpus } from './corpus.ts'
import { Coverage } from './coverage.ts'
import { fuzz } from './fuzz.ts'

declare global {
  interface ImportMeta {
    readonly env: { readonly MODE: string }
  }
}

// Before the decoders are loaded: V8 counts blocks of what it compiles from now on.
const coverage = new Coverage('/core/src/')
const { targets } = await import('./registry.ts')

/**
 * `pnpm fuzz` (vitest in mode `fuzz`) searches for minutes, with a new seed each time, and keeps what it finds in `corpus/`. Otherwise, as in the gate, the search is
 * short, begins from the same seed, and changes nothing.
 */
const byHand = import.meta.env.MODE === 'fuzz'
const ms = Number(process.env['FUZZ_MS'] ?? (byHand ? 60_000 : 1_000))
const seed = Number(process.env['FUZZ_SEED'] ?? (byHand ? Date.now() % 2 ** 32 : 1))

afterAll(() => {
  coverage.stop()
})

describe('whatever bytes come', { timeout: 2 * ms + 120_000 }, () => {
  console.log(`seed ${seed}, ${ms} ms for each decoder`)

  it.each(targets)('$name takes them, or refuses them by a typed error', async (target) => {
    const seeds = await target.seeds()
    const { runs, taken, found } = await fuzz(target, [...seeds, ...readCorpus(target.name)], coverage, { ms, seed })
    console.log(`${target.name}: ${runs} inputs, ${taken} taken, ${found.length} new`)
    if (byHand) addToCorpus(target.name, found)
    // A decoder that takes nothing would keep every promise.
    expect(taken).toBeGreaterThan(0)
  })
})
