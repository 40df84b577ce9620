import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint } from './fingerprint.mjs'
import { root } from './root.mjs'
import { run } from './run.mjs'

const shared = ['package.json', 'pnpm-lock.yaml', 'tsconfig.base.json', 'core/package.json', 'core/src']
const steps = [
  { name: 'core', inputs: [...shared, 'core/tsconfig.json', 'core/tsconfig.build.json'], output: 'core/dist/index.js' },
  { name: 'app', inputs: [...shared, 'app'], output: 'app/dist/main.js' },
  { name: 'frontend', inputs: [...shared, 'frontend'], output: 'frontend/dist/index.html' },
]

/** Words of the environment that end up inside the built page. */
const baked = () => Object.entries(process.env).filter(([name]) => name.startsWith('VITE_'))

/**
 * Builds each package whose sources changed since its last build here. Ends the process when a build fails, unless
 * `exitOnFailure` is false: then it returns false.
 */
export async function buildWhenNeeded({ exitOnFailure = true } = {}) {
  const folder = join(root, '.cache', 'build')
  mkdirSync(folder, { recursive: true })
  for (const { name, inputs, output } of steps) {
    const stamp = join(folder, name)
    const state = fingerprint(inputs, baked().flat())
    if (existsSync(join(root, output)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === state) continue
    console.log(`Building ${name}…`)
    rmSync(stamp, { force: true })
    rmSync(join(root, name, 'dist'), { recursive: true, force: true })
    const result = await run('npm', ['run', '--silent', 'build'], { cwd: join(root, name) })
    if (result.code !== 0) {
      console.error(`${result.output}\n${name} could not be built.`)
      if (exitOnFailure) process.exit(1)
      return false
    }
    writeFileSync(stamp, state)
  }
  return true
}
