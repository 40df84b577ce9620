import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { onStop } from './on-stop.mjs'

/** Longer than the node's own deadline for stopping; whoever still runs then is stuck. */
const killAfterMs = 8_000

const exitCodeOf = (code, signal) => code ?? 128 + (constants.signals[signal] ?? 0)

/**
 * Runs programs side by side with this terminal as theirs. Signals go to all of them; when the first one ends, the
 * others are ended too. Each child has a channel to us, so that it can notice our death even when we had no time to
 * pass it on.
 *
 * @param {readonly { args: readonly string[], cwd?: string, env?: Record<string, string> }[]} programs arguments of this
 *   very Node each
 * @returns {Promise<number>} exit code of the one that ended first; resolves when none is left
 */
export function runTogether(programs) {
  return new Promise((resolve) => {
    const children = programs.map(({ args, cwd, env = {} }) =>
      spawn(process.execPath, args, {
        cwd,
        env: { ...process.env, ...env },
        stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      }),
    )
    let left = children.length
    let code
    let deadline
    const end = (signal) => {
      for (const child of children) child.kill(signal)
      deadline ??= setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), killAfterMs)
    }
    const forget = onStop(end)
    const ended = (childCode) => {
      code ??= childCode
      left -= 1
      if (left > 0) return end('SIGTERM')
      clearTimeout(deadline)
      forget()
      resolve(code)
    }
    for (const child of children) {
      child.once('exit', (childCode, signal) => ended(exitCodeOf(childCode, signal)))
      child.once('error', () => child.pid === undefined && ended(1))
    }
  })
}
