import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint } from './fingerprint.mjs'
import { root } from './root.mjs'
import { run } from './run.mjs'

const packages = ['core', 'app', 'frontend', 'e2e', 'bench']
// inside node_modules, so that removing that folder removes the claim that it is complete
const stamp = join(root, 'node_modules', '.p2pigeon-install')

const state = () =>
  fingerprint(
    ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', ...packages.map((name) => `${name}/package.json`)],
    [process.platform, process.arch, process.versions.modules],
  )

/**
 * Installs the locked dependencies unless that was done for this lockfile and this Node already.
 * Needs npm alone: pnpm comes through npx. Ends the process when the install fails.
 */
export async function installWhenNeeded() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state()) return
  console.log('Installing dependencies…')
  const { code, output } = await run('npx', ['-y', 'pnpm@10', 'install', '--frozen-lockfile'], { env: { CI: 'true' } })
  if (code !== 0) {
    console.error(`${output}\nThe dependencies could not be installed.`)
    process.exit(1)
  }
  writeFileSync(stamp, state())
}
