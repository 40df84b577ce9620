import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { root } from '../lib/root.mjs'

const dots = (...labels) => labels.join('.')
const wellKnownRegistries = [
  dots('registry', 'npmjs', 'org'),
  dots('registry', 'yarnpkg', 'com'),
  dots('registry', 'npmmirror', 'com'),
  dots('npm', 'pkg', 'github', 'com'),
]

const hostOf = (url) => {
  try {
    return new URL(url).host
  } catch {
    return undefined
  }
}

/** Hosts from which this machine installs: they must never reach a commit. */
export function registryHosts(configuration) {
  const urls = [...configuration.matchAll(/https?:\/\/[^\s"'/]+/g)].map(([url]) => hostOf(url))
  return [...new Set([...wellKnownRegistries, ...urls.filter(Boolean)])]
}

/** Folders of this machine: the checkout, what lies beside it, the home folder. */
function machinePaths() {
  const parent = dirname(root)
  const beside = parent === '/' ? [] : readdirSync(parent).map((name) => join(parent, name))
  return [...new Set([root, ...beside, homedir()])].filter((path) => path.length > 4)
}

const personal = /(?<![\w.~-])(?:\/home\/|\/Users\/|\/root\/|[A-Z]:\\Users\\)[A-Za-z]/

/** A path that begins there: the end of another one, such as `files` and the home folder of whoever administers, is none. */
function isNamed(path, text) {
  const beginsAt = (at) => at === 0 || !/[\w.~-]/.test(text[at - 1])
  for (let at = text.indexOf(path); at !== -1; at = text.indexOf(path, at + 1)) {
    if (beginsAt(at) && /[/\n']/.test(text[at + path.length] ?? '')) return true
  }
  return false
}

/** @returns {string[]} what is wrong in one file. */
export function faultsIn(file, text, { hosts, paths }) {
  const faults = []
  for (const host of hosts) if (text.includes(host)) faults.push(`${file} names a package registry: ${host}`)
  for (const path of paths) if (isNamed(path, text)) faults.push(`${file} names a path of this machine: ${path}`)
  if (personal.test(text)) faults.push(`${file} names a path inside somebody’s home folder`)
  if (/pnpm-lock\.yaml$/.test(file) && /\b(tarball|resolved): *\S*https?:/.test(text))
    faults.push(`${file} pins a download address`)
  return faults
}

/** @returns {string[]} every committed or staged file that names a registry host or a path of one machine. */
export function checkHygiene() {
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 }
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], options)
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const registry = execFileSync(npm, ['config', 'get', 'registry'], {
    ...options,
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: process.platform === 'win32',
  })
  const known = { hosts: registryHosts(registry), paths: machinePaths() }
  return files
    .split('\0')
    .filter((file) => file && existsSync(join(root, file)) && statSync(join(root, file)).isFile())
    .flatMap((file) => {
      const bytes = readFileSync(join(root, file))
      return bytes.subarray(0, 8000).includes(0) ? [] : faultsIn(file, bytes.toString('utf8'), known)
    })
}
