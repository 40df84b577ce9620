import { spawn } from 'node:child_process'
import { root } from './root.mjs'

/**
 * Runs a command to its end, or to ours.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, show?: boolean }} [options] `show` lets the output through as it
 *   comes; it is collected either way.
 * @returns {Promise<{ code: number, output: string }>} `code` is 1 as well when a signal ended it or it could not start.
 */
export function run(command, args, { cwd = root, env = {}, show = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // npx and npm are batch files there
      shell: process.platform === 'win32' && !command.includes('\\'),
    })
    const end = () => child.kill()
    process.once('exit', end)
    const parts = []
    const collect = (stream, target) =>
      stream.on('data', (part) => {
        parts.push(part)
        if (show) target.write(part)
      })
    collect(child.stdout, process.stdout)
    collect(child.stderr, process.stderr)
    child.on('error', (error) => {
      process.off('exit', end)
      resolve({ code: 1, output: `${command}: ${error.message}\n` })
    })
    child.on('close', (code) => {
      process.off('exit', end)
      resolve({ code: code ?? 1, output: Buffer.concat(parts).toString('utf8') })
    })
  })
}

/** Runs a JavaScript file with this very Node. */
export const runNode = (file, args, options) => run(process.execPath, [file, ...args], options)
