import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './run.mjs'

const commands = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'microsoft-edge']
const places = {
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  linux: ['/snap/bin/chromium', '/opt/google/chrome/chrome'],
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].flatMap((variable) =>
    [
      'Chromium\\Application\\chrome.exe',
      'Google\\Chrome\\Application\\chrome.exe',
      'Microsoft\\Edge\\Application\\msedge.exe',
    ].map((path) => join(process.env[variable] ?? 'C:\\', path)),
  ),
}

/** Path of a Chromium-family browser on this machine: `CHROMIUM_PATH`, else the search path, else the usual places. */
export function findChromium() {
  if (process.env.CHROMIUM_PATH) return existsSync(process.env.CHROMIUM_PATH) ? process.env.CHROMIUM_PATH : undefined
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const onPath = commands.flatMap((command) => folders.map((folder) => join(folder, command + suffix)))
  return [...onPath, ...(places[process.platform] ?? [])].find((path) => existsSync(path))
}

/** How each system's package manager installs Chromium, first match wins. */
const managers = [
  {
    command: 'apt-get',
    steps: [
      ['apt-get', 'update'],
      ['apt-get', 'install', '-y', '--no-install-recommends', 'chromium'],
    ],
  },
  { command: 'dnf', steps: [['dnf', 'install', '-y', 'chromium']] },
  { command: 'apk', steps: [['apk', 'add', '--no-cache', 'chromium']] },
  { command: 'pacman', steps: [['pacman', '-Sy', '--noconfirm', 'chromium']] },
  { command: 'zypper', steps: [['zypper', '--non-interactive', 'install', 'chromium']] },
  { command: 'brew', steps: [['brew', 'install', '--cask', 'chromium']], asUser: true },
]

const installed = async (command) => (await run(command, ['--version'])).code === 0

/**
 * Finds a browser, installing Chromium through the system's package manager when there is none.
 * @returns {Promise<string | undefined>} its path, or nothing when that failed; the reason has been printed.
 */
export async function ensureChromium() {
  const found = findChromium()
  if (found) return found
  for (const { command, steps, asUser } of managers) {
    if (!(await installed(command))) continue
    console.log(`No Chromium found; installing it with ${command}…`)
    const prefix = asUser || process.getuid?.() === 0 ? [] : ['sudo', '-n']
    for (const step of steps) {
      const [first, ...rest] = [...prefix, ...step]
      const { code, output } = await run(first, rest, { env: { DEBIAN_FRONTEND: 'noninteractive' } })
      if (code !== 0) console.error(output.trim().split('\n').slice(-5).join('\n'))
    }
    const path = findChromium()
    if (path) return path
    break
  }
  console.error('Chromium is needed for the browser tests: install it, or set CHROMIUM_PATH to a Chromium or Chrome.')
  return undefined
}
