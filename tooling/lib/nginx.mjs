import { existsSync } from 'node:fs'
import { run } from './run.mjs'

const packages = ['nginx-light', 'libnginx-mod-stream', 'openssl']

/**
 * Installs nginx for the journeys behind a reverse proxy where that harms nobody: as root of a container of Debian's
 * kind. On a computer with systemd the package would start a web server; there, and elsewhere, those journeys say
 * what they miss and are skipped. Never fails.
 */
export async function ensureNginx() {
  if ((await run('nginx', ['-v'])).code === 0) return
  if (process.getuid?.() !== 0 || existsSync('/run/systemd/system')) return
  if ((await run('apt-get', ['--version'])).code !== 0) return
  console.log('No nginx found; installing it with apt-get…')
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update'], { env })
  const { code, output } = await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env })
  if (code !== 0) console.error(output.trim().split('\n').slice(-5).join('\n'))
}
