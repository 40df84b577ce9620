#!/usr/bin/env node
/*
 * `npm test`: from a fresh clone to one line of figures. Installs what is missing, builds, then runs the gate, the
 * unit tests of every package and the journeys in a real browser; a failing runner never keeps the next from running.
 *
 *   npm test -- --only unit            one lane or several: verify, tooling, unit, e2e (comma separated)
 *   npm test -- --only e2e reconnect   further words choose test files by a part of their path
 *
 * Starts on plain Node: nothing is imported from a dependency before the install.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildWhenNeeded } from './lib/build.mjs'
import { ensureChromium } from './lib/chromium.mjs'
import { installWhenNeeded } from './lib/install.mjs'
import { ensureNginx } from './lib/nginx.mjs'
import { requireNode } from './lib/node-version.mjs'
import { root } from './lib/root.mjs'
import { runNode } from './lib/run.mjs'

/** A runner that takes CI for a terminal would paint the lines that others read. */
const plain = process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: '0' }
const lanes = ['verify', 'tooling', 'unit', 'e2e']

function readArguments(words) {
  const at = words.indexOf('--only')
  const only = at < 0 ? lanes : (words[at + 1] ?? '').split(',')
  const unknown = only.filter((lane) => !lanes.includes(lane))
  if (unknown.length > 0) {
    console.error(`Unknown lane “${unknown.join(', ')}”; there are ${lanes.join(', ')}.`)
    process.exit(2)
  }
  return { only, filter: words.filter((_, index) => at < 0 || (index !== at && index !== at + 1)) }
}

/** Figures of one runner; a crash and a run of no tests are failures, whatever the runner says. */
function figures(name, { passed, failed, skipped = 0 }, code, filtered = false) {
  const ranNothing = passed + failed === 0
  if (ranNothing && filtered && code === 0) return { name, passed, failed, skipped }
  const crashed = failed === 0 && (code !== 0 || ranNothing)
  if (crashed) console.error(`${name}: ${ranNothing ? 'no test ran' : `the runner ended with code ${code}`}`)
  return { name, passed, failed: failed + (crashed ? 1 : 0), skipped }
}

const report = (name) => join(root, '.cache', 'test', `${name}.json`)

function freshReport(name) {
  mkdirSync(join(root, '.cache', 'test'), { recursive: true })
  rmSync(report(name), { force: true })
  return report(name)
}

function readReport(name, read) {
  if (!existsSync(report(name))) return { passed: 0, failed: 0 }
  return read(JSON.parse(readFileSync(report(name), 'utf8')))
}

async function gate() {
  const { verify } = await import('./verify.mjs')
  const { passed, failed } = await verify()
  return figures('verify', { passed, failed }, 0)
}

async function toolingTests() {
  const { glob } = await import('./lib/glob.mjs')
  const files = glob('tooling', /\.test\.mjs$/)
  const { code, output } = await runNode('--test', ['--test-reporter=tap', ...files])
  const count = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0)
  if (code !== 0) console.log(output)
  return figures('tooling', { passed: count('pass'), failed: count('fail'), skipped: count('skipped') }, code)
}

const unitTests = (folder, filter) => async () => {
  const file = freshReport(folder)
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const empty = filter.length > 0 ? ['--passWithNoTests'] : []
  const options = { cwd: join(root, folder), show: true, env: { CI: 'true', ...plain } }
  const { code } = await runNode(vitest, ['run', ...reporters, ...empty, ...filter], options)
  const counts = readReport(folder, (result) => ({
    passed: result.numPassedTests,
    // a file that cannot even be loaded holds no test that could fail
    failed:
      result.numFailedTests +
      result.testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0).length,
    skipped: result.numPendingTests + (result.numTodoTests ?? 0),
  }))
  return figures(folder, counts, code, filter.length > 0)
}

const journeys = (filter) => async () => {
  const chromium = await ensureChromium()
  if (!chromium) return figures('e2e', { passed: 0, failed: 0 }, 1)
  await ensureNginx()
  const file = freshReport('e2e')
  const playwright = join(root, 'e2e', 'node_modules', '@playwright', 'test', 'cli.js')
  const options = {
    cwd: join(root, 'e2e'),
    show: true,
    env: { CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: file, CI: 'true', ...plain },
  }
  const { code } = await runNode(playwright, ['test', '--reporter=list,json', ...filter], options)
  const counts = readReport('e2e', ({ stats, errors }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + (stats.unexpected === 0 ? errors.length : 0),
    skipped: stats.skipped,
  }))
  return figures('e2e', counts, code, filter.length > 0)
}

requireNode()
const { only, filter } = readArguments(process.argv.slice(2))
await installWhenNeeded()

const results = []
async function lane(title, runner) {
  console.log(`\n── ${title}`)
  const failure = (error) => {
    console.error(error)
    return { name: title, passed: 0, failed: 1, skipped: 0 }
  }
  results.push(await runner().catch(failure))
}

const built = await buildWhenNeeded({ exitOnFailure: false })
if (!built) results.push({ name: 'build', passed: 0, failed: 1, skipped: 0 })
if (only.includes('verify')) await lane('verify', gate)
if (only.includes('tooling')) await lane('tooling', toolingTests)
if (only.includes('unit'))
  for (const folder of ['core', 'app', 'frontend']) await lane(folder, unitTests(folder, filter))
if (only.includes('e2e')) await lane('e2e', journeys(filter))

const line = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
const sum = (key) => results.reduce((total, result) => total + result[key], 0)
const total = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
console.log('')
for (const result of results) console.log(`${result.name.padEnd(9)} ${line(result)}`)
console.log(`\n${line(total)}`)
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
