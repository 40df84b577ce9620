import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { runTogether } from './children.mjs'

const script = (code) => ({ args: ['--input-type=module', '--eval', code] })
const wait = 'setInterval(() => undefined, 1000)'

test('gives the exit code of the program', async () => {
  assert.equal(await runTogether([script('process.exit(7)')]), 7)
  assert.equal(await runTogether([script('')]), 0)
})

test('ends the others when one ends, and waits for them', async () => {
  assert.equal(await runTogether([script(wait), script('process.exit(3)')]), 3)
})

test('gives 128 and the number when a signal ended the program', async () => {
  assert.equal(await runTogether([script("process.kill(process.pid, 'SIGTERM')")]), 143)
})

/** A parent as `npm start` is one, whose child prints its pid and what happens to it. */
function parentOf(childCode) {
  const module = new URL('./children.mjs', import.meta.url).href
  const code = `import { runTogether } from ${JSON.stringify(module)}
    process.exitCode = await runTogether([{ args: ['--input-type=module', '--eval', ${JSON.stringify(childCode)}] }])`
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { parent, lines: createInterface({ input: parent.stdout })[Symbol.asyncIterator]() }
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`passes ${signal} on, and the exit code back`, async () => {
    const { parent, lines } = parentOf(
      `process.on('${signal}', () => { console.log('asked'); process.exit(0) }); console.log('up'); ${wait}`,
    )
    assert.equal((await lines.next()).value, 'up')
    parent.kill(signal)
    assert.equal((await lines.next()).value, 'asked')
    assert.deepEqual(await once(parent, 'exit'), [0, null])
  })
}

test('the child notices when the parent is killed', async () => {
  const { parent, lines } = parentOf(
    `process.on('disconnect', () => { console.log('alone'); process.exit(0) }); console.log('up'); ${wait}`,
  )
  assert.equal((await lines.next()).value, 'up')
  parent.kill('SIGKILL')
  assert.equal((await lines.next()).value, 'alone')
})

test('under npm, ends the child when the shell between them is gone', async () => {
  const module = new URL('./children.mjs', import.meta.url).href
  const child = `console.log(process.pid); ${wait}`
  const parent = `import { runTogether } from ${JSON.stringify(module)}
    await runTogether([{ args: ['--input-type=module', '--eval', ${JSON.stringify(child)}] }]); console.log('ended')`
  const between = `import { spawn } from 'node:child_process'
    spawn(process.execPath, ['--input-type=module', '--eval', ${JSON.stringify(parent)}], { stdio: 'inherit' }); ${wait}`
  const shell = spawn(process.execPath, ['--input-type=module', '--eval', between], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, npm_lifecycle_event: 'start' },
  })
  const lines = createInterface({ input: shell.stdout })[Symbol.asyncIterator]()
  const pid = Number((await lines.next()).value)
  shell.kill('SIGTERM')
  assert.equal((await lines.next()).value, 'ended')
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
})
