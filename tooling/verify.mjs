#!/usr/bin/env node
/*
 * The gate: everything about the code that a machine can judge without running it. One line for each check; a tool's
 * own words appear only when it found a fault. `pnpm verify lint types` runs the checks whose names begin so.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildWhenNeeded } from './lib/build.mjs'
import { root } from './lib/root.mjs'
import { runNode } from './lib/run.mjs'

const tool = (name, path) => join(root, 'node_modules', name, path)
const cache = (name) => join(root, '.cache', name)

const command = (file, args) => async () => {
  const { code, output } = await runNode(file, args)
  return { ok: code === 0, output }
}

const list = (faults, note = '') => ({
  ok: faults.length === 0,
  output: faults.map((fault) => `${fault}\n`).join(''),
  note,
})

const types = (folder) => ({
  name: `types of ${folder}`,
  check: command(tool('typescript', 'bin/tsc'), ['-p', `${folder}/tsconfig.json`, '--noEmit', '--pretty', 'false']),
})

const checks = [
  {
    name: 'format',
    check: command(tool('prettier', 'bin/prettier.cjs'), [
      ...[
        '--check',
        '--log-level=warn',
        '--cache',
        '--cache-strategy=content',
        `--cache-location=${cache('prettier')}`,
      ],
      '.',
    ]),
  },
  {
    name: 'lint',
    check: command(tool('eslint', 'bin/eslint.js'), [
      ...['--max-warnings=0', '--cache', '--cache-strategy=content', `--cache-location=${cache('eslint')}`],
      '.',
    ]),
  },
  ...['core', 'app', 'frontend', 'e2e', 'bench'].map(types),
  {
    name: 'layers and cycles',
    check: command(tool('dependency-cruiser', 'bin/dependency-cruise.mjs'), [
      ...['--config', '.dependency-cruiser.mjs', '--output-type', 'err'],
      ...['core', 'app', 'frontend', 'e2e', 'bench'],
    ]),
  },
  {
    name: 'dead code',
    check: command(tool('knip', 'bin/knip.js'), ['--no-progress', '--treat-config-hints-as-errors']),
  },
  {
    name: 'licences',
    check: async () => list((await import('./checks/licences.mjs')).checkLicences()),
  },
  {
    name: 'size budgets',
    check: async () => {
      if (!(await buildWhenNeeded({ exitOnFailure: false })))
        return { ok: false, output: 'There is no build to measure.\n' }
      const { faults, facts } = await (await import('./checks/size.mjs')).checkSize()
      return list(faults, facts.join(', '))
    },
  },
  {
    name: 'hostile cases',
    check: async () => list((await import('./checks/hostile-cases.mjs')).checkHostileCases()),
  },
  { name: 'hosts and paths', check: async () => list((await import('./checks/hygiene.mjs')).checkHygiene()) },
]

/** Runs the checks whose names begin with one of the words, or all. @returns {Promise<{ passed: number, failed: number }>} */
export async function verify(words = []) {
  mkdirSync(cache(''), { recursive: true })
  const chosen = checks.filter(({ name }) => words.length === 0 || words.some((word) => name.startsWith(word)))
  let passed = 0
  for (const { name, check } of chosen) {
    const started = Date.now()
    const { ok, output, note } = await check().catch((error) => ({ ok: false, output: `${error.stack}\n` }))
    const seconds = ((Date.now() - started) / 1000).toFixed(1)
    if (ok) passed += 1
    console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${seconds} s${note ? `; ${note}` : ''})`)
    if (!ok) console.log(output.trim().replace(/^/gm, '     '))
  }
  return { passed, failed: chosen.length - passed }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { passed, failed } = await verify(process.argv.slice(2))
  console.log(`verify: ${passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}
