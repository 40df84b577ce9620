import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Coverage } from './coverage.ts'
import { fuzz } from './fuzz.ts'
import { registry, targets } from './registry.ts'
import { target } from './target.ts'

const source = new URL('../../src/', import.meta.url)
/** How functions are named that take foreign bytes or text apart. */
const decoder = /^export (?:async )?(?:function|const) ((?:decode|read|parse)[A-Z]\w*)\b/gm

/** `file#function` of everything in the sources that is named like a decoder. */
function decodersInSource(): readonly string[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('testing/'))
    .flatMap((file) =>
      [...readFileSync(new URL(file, source), 'utf8').matchAll(decoder)].map(([, name]) => `${file}#${name ?? ''}`),
    )
    .sort()
}

describe('the registry', () => {
  it('names every decoder of core: a new one needs a line in registry.ts', () => {
    expect(decodersInSource().filter((one) => !(one in registry))).toEqual([])
  })

  it('names nothing that is not there', () => {
    const gone = Object.keys(registry).filter((entry) => {
      const [file = '', name = ''] = entry.split('#')
      try {
        return !readFileSync(new URL(file, source), 'utf8').includes(name.split('.').at(-1) ?? name)
      } catch {
        return true
      }
    })
    expect(gone).toEqual([])
  })

  it('has one corpus for each target', () => {
    expect(new Set(targets.map(({ name }) => name)).size).toBe(targets.length)
  })
})

describe('the fuzzer finds', () => {
  const run = (decode: (input: Uint8Array<ArrayBuffer>) => unknown, encode?: (value: unknown) => Uint8Array) => {
    const coverage = new Coverage('/core/test/fuzz/registry.test')
    const broken = target({ name: 'broken', seeds: () => [], decode, ...(encode === undefined ? {} : { encode }) })
    return fuzz(broken, [Uint8Array.of(0, 0, 0, 0)], coverage, { ms: 10_000, seed: 1 }).finally(() => {
      coverage.stop()
    })
  }

  it('an error without a type, behind bytes that only coverage leads to', async () => {
    const found = run((input) => {
      if (input[0] !== 80) return 'no'
      if (input[1] !== 105) return 'nearly'
      if (input[2] !== 103) return 'closer'
      throw new TypeError('not ours')
    })
    await expect(found).rejects.toThrow(/^broken breaks a promise \(seed 1\): 506967/)
  })

  it('two forms of one value, a changed input, and much made of little', async () => {
    await expect(
      run(
        (input) => input.slice(0, 2),
        (value) => value as Uint8Array,
      ),
    ).rejects.toMatchObject({
      cause: { message: 'takes two forms of one value' },
    })
    await expect(run((input) => input.fill(1))).rejects.toMatchObject({ cause: { message: 'changes its input' } })
    await expect(run(() => new Uint8Array(1_000_000))).rejects.toMatchObject({
      cause: { message: 'makes too much of its input' },
    })
  })
})
